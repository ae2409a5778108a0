# Finds the libraries; each one missing is named together with the command that gets it.
find_package(PkgConfig QUIET)
if(NOT PkgConfig_FOUND)
    message(FATAL_ERROR "pkg-config is missing: run scripts/setup")
endif()
find_package(Threads REQUIRED)

set(straggler_libraries Threads::Threads)

# pkg-config module, Debian package
function(straggler_require module package)
    pkg_check_modules(${module} QUIET IMPORTED_TARGET GLOBAL ${module})
    if(NOT ${module}_FOUND)
        message(FATAL_ERROR "${module} is missing: run scripts/setup (or: apt-get install ${package})")
    endif()
    list(APPEND straggler_libraries PkgConfig::${module})
    set(straggler_libraries ${straggler_libraries} PARENT_SCOPE)
endfunction()

straggler_require(libpcre2-8 libpcre2-dev)
straggler_require(yaml-0.1 libyaml-dev)
straggler_require(jansson libjansson-dev)
straggler_require(libxxhash libxxhash-dev)

set(vectorscan_definitions)
if(STRAGGLER_VECTORSCAN)
    pkg_check_modules(libhs QUIET IMPORTED_TARGET GLOBAL libhs)
    if(libhs_FOUND)
        list(APPEND straggler_libraries PkgConfig::libhs)
        set(vectorscan_definitions STRAGGLER_VECTORSCAN=1)
    else()
        message(WARNING "libhs is missing, PCRE2 takes its place: many literals are searched "
            "several times slower (apt-get install libvectorscan-dev)")
    endif()
endif()

# libclang has no pkg-config module; Debian and Homebrew keep each version in a folder of its own.
if(STRAGGLER_CLANG)
    file(GLOB llvm_prefixes /usr/lib/llvm-19 /usr/local/opt/llvm* /opt/homebrew/opt/llvm*)
    find_path(LIBCLANG_INCLUDE_DIR clang-c/Index.h HINTS ${llvm_prefixes} PATH_SUFFIXES include)
    find_library(LIBCLANG_LIBRARY NAMES clang clang-19 HINTS ${llvm_prefixes} PATH_SUFFIXES lib)
    if(LIBCLANG_INCLUDE_DIR AND LIBCLANG_LIBRARY)
        set(LIBCLANG_FOUND TRUE)
    else()
        message(STATUS "libclang is missing: C and C++ are read without the compiler "
            "(apt-get install libclang-19-dev)")
    endif()
endif()
