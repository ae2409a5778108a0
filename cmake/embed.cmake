# straggler_data: grammars/*/language.yml and rule packs, compiled in, so that the binary runs
# alone. The table is declared in src/base/embedded.h. Runs again when one of the files changes.
file(GLOB embedded_paths CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
    ${CMAKE_SOURCE_DIR}/grammars/*/language.yml
    ${CMAKE_SOURCE_DIR}/rules/*/*.yml
    ${CMAKE_SOURCE_DIR}/rules/*/*/*.yml)
list(FILTER embedded_paths EXCLUDE REGEX "node_modules")
list(SORT embedded_paths COMPARE STRING)
set(embedded_files ${embedded_paths})
list(TRANSFORM embedded_files PREPEND ${CMAKE_SOURCE_DIR}/)

# The list goes through a file, so that a path added or removed makes the table stale too.
set(embedded_list ${CMAKE_BINARY_DIR}/embedded.list)
string(REPLACE ";" "\n" embedded_text "${embedded_paths}")
file(CONFIGURE OUTPUT ${embedded_list} CONTENT "${embedded_text}" @ONLY)

add_custom_command(
    OUTPUT ${CMAKE_BINARY_DIR}/embedded_data.c
    COMMAND ${CMAKE_COMMAND} -DLIST=${embedded_list} -DROOT=${CMAKE_SOURCE_DIR}
        -DOUT=${CMAKE_BINARY_DIR}/embedded_data.c -P ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${embedded_files} ${embedded_list} ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "Embedding grammars/ and rules/"
    VERBATIM)
add_library(straggler_data STATIC ${CMAKE_BINARY_DIR}/embedded_data.c)
target_include_directories(straggler_data PRIVATE ${CMAKE_SOURCE_DIR}/src)
