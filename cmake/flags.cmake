# Compiler flags of our own code, as interface libraries. (Grammars have theirs: cmake/grammars.)
add_library(straggler_flags INTERFACE)
target_compile_options(straggler_flags INTERFACE -Wall -Wextra -Werror)

if(STRAGGLER_HARDEN)
    target_compile_options(straggler_flags INTERFACE -fstack-protector-strong
        -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
    if(NOT APPLE)
        target_link_options(straggler_flags INTERFACE -pie -Wl,-z,relro -Wl,-z,now
            -Wl,-z,noexecstack -Wl,--as-needed)
    endif()
endif()

set(sanitizers)
if(STRAGGLER_SANITIZE OR STRAGGLER_FUZZ)
    set(sanitizers address,undefined)
    # Every arena request is a malloc of its own, so that an overrun is caught at the byte.
    target_compile_definitions(straggler_flags INTERFACE STRAGGLER_ARENA_MALLOC)
    target_compile_options(straggler_flags INTERFACE -fsanitize=${sanitizers}
        -fno-sanitize-recover=all)
    target_link_options(straggler_flags INTERFACE -fsanitize=${sanitizers})
endif()
if(STRAGGLER_FUZZ)
    target_compile_options(straggler_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# The core library is compiled to fat objects: programs are optimized across files, while the
# many small tests link the plain code and stay quick to build.
add_library(straggler_core_lto INTERFACE)
add_library(straggler_program_lto INTERFACE)
add_library(straggler_test_lto INTERFACE)
if(STRAGGLER_LTO AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
    target_compile_options(straggler_core_lto INTERFACE -flto=auto -ffat-lto-objects)
    target_compile_options(straggler_program_lto INTERFACE -flto=auto)
    target_link_options(straggler_program_lto INTERFACE -flto=auto)
    target_link_options(straggler_test_lto INTERFACE -fno-lto)
endif()
