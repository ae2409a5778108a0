# cmake -DLIST=paths -DROOT=folder -DOUT=file.c -P embed_files.cmake
# Writes the bytes of each listed file as a C array, and the table embedded_files[].
file(STRINGS ${LIST} paths)
set(arrays "")
set(rows "")
set(index 0)
foreach(path IN LISTS paths)
    file(READ ${ROOT}/${path} hex HEX)
    string(LENGTH "${hex}" digits)
    math(EXPR length "${digits} / 2")
    string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
    string(APPEND arrays "static const unsigned char file_${index}[] = {\n${hex}0};\n")
    string(APPEND rows "    {\"${path}\", (const char *)file_${index}, ${length}},\n")
    math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUT} "/* Made by cmake/embed_files.cmake. */
#include \"base/embedded.h\"

${arrays}
const EmbeddedFile embedded_files[] = {
${rows}    {0, 0, 0},
};
const size_t embedded_file_count = ${index};
")
