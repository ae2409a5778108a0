# Prints "PATH:LINE NAME LINES COMPLEXITY" for each C function of the files given.
#
# Relies on the style of this code base: a function's braces stand alone in column 1. Complexity
# is McCabe's in its modified form (a switch counts once), counted in text without comments and
# strings.

function strip(line,    out, c, i, n) {
    out = ""
    n = length(line)
    for (i = 1; i <= n; i++) {
        c = substr(line, i, 1)
        if (in_comment) {
            if (c == "*" && substr(line, i + 1, 1) == "/") { in_comment = 0; i++ }
        } else if (quote != "") {
            if (c == "\\") i++
            else if (c == quote) quote = ""
        } else if (c == "/" && substr(line, i + 1, 1) == "*") { in_comment = 1; i++ }
        else if (c == "/" && substr(line, i + 1, 1) == "/") break
        else if (c == "\"" || c == "'") { quote = c; out = out "0" }
        else out = out c
    }
    quote = ""
    return out
}

function name_of(text) {
    sub(/\(.*/, "", text)
    sub(/[ \t]+$/, "", text)
    sub(/.*[ \t*]/, "", text)
    return text
}

FNR == 1 { in_comment = 0; inside = 0; head = "" }

{
    code = strip($0)
    if (!inside) {
        if (code ~ /^\{[ \t]*$/ && head ~ /\)[ \t]*$/) {
            inside = 1
            start = FNR
            name = name_of(head)
            points = 1
        } else if (code ~ /^[A-Za-z_].*\(/ || (head != "" && code ~ /^[ \t]/)) {
            head = (code ~ /^[A-Za-z_]/) ? code : head " " code
        } else if (code !~ /^[ \t]*$/) {
            head = ""
        }
        next
    }
    if (code ~ /^\}/) {
        printf "%s:%d %s %d %d\n", FILENAME, start, name, FNR - start + 2, points
        inside = 0
        head = ""
        next
    }
    points += gsub(/(^|[^A-Za-z0-9_])(if|for|while|switch)[ \t]*\(/, "&", code)
    points += gsub(/&&|\|\||\?/, "&", code)
}
