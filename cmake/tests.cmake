# Tests are globbed:
#   tests/unit/test_*.c  one cmocka program each, linked with the whole core library
#   tests/*.c            the same, for tests over fixtures
#   tests/<name>/run     a script; $STRAGGLER is the program, the working directory is the source
#   tests/fuzz/fuzz_*.c  fuzz targets; outside the fuzz preset each replays its corpus/<target>/
file(GLOB fuzz_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_*.c)

if(STRAGGLER_FUZZ)
    foreach(source IN LISTS fuzz_sources)
        get_filename_component(name ${source} NAME_WE)
        add_executable(${name} ${source})
        target_link_options(${name} PRIVATE -fsanitize=fuzzer)
        target_link_libraries(${name} PRIVATE straggler_core)
    endforeach()
    return()
endif()

foreach(source IN LISTS fuzz_sources)
    get_filename_component(name ${source} NAME_WE)
    string(REGEX REPLACE "^fuzz_" "" corpus ${name})
    add_executable(${name} ${source} ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.c)
    target_link_libraries(${name} PRIVATE straggler_core straggler_test_lto)
    add_test(NAME ${name} COMMAND ${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${corpus})
endforeach()

pkg_check_modules(cmocka QUIET IMPORTED_TARGET cmocka)
if(NOT cmocka_FOUND)
    message(WARNING "cmocka is missing, unit tests are left out (apt-get install libcmocka-dev)")
else()
    file(GLOB test_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/test_*.c
        ${CMAKE_SOURCE_DIR}/tests/*.c)
    foreach(source IN LISTS test_sources)
        get_filename_component(name ${source} NAME_WE)
        add_executable(${name} ${source})
        target_link_libraries(${name} PRIVATE straggler_core straggler_test_lto
            PkgConfig::cmocka)
        target_compile_definitions(${name} PRIVATE
            STRAGGLER_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
        add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    endforeach()
endif()

file(GLOB test_scripts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/*/run)
foreach(script IN LISTS test_scripts)
    get_filename_component(folder ${script} DIRECTORY)
    get_filename_component(name ${folder} NAME)
    add_test(NAME ${name} COMMAND ${script} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES ENVIRONMENT
        "STRAGGLER=$<TARGET_FILE:straggler>;BUILD_DIR=${CMAKE_BINARY_DIR}"
        SKIP_RETURN_CODE 77)
endforeach()

get_property(all_tests DIRECTORY ${CMAKE_SOURCE_DIR} PROPERTY TESTS)
if(all_tests)
    set_tests_properties(${all_tests} PROPERTIES TIMEOUT 300)
endif()
