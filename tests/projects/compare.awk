# compare.awk MARKS FOUND: MARKS are lines "path:line:source with marks", FOUND the output of
# findings.awk. The targets of `split-save` and `finished` are the reporter's choice.
function place(key,    part) {
    split(key, part, "\t")
    return part[2] ":" part[3] ": " part[1] " " part[4] " " part[5]
}

function key_of(command, path, line, what, target) {
    if (command == "check" && what ~ /^(split-save|finished)$/)
        target = ""
    return command "\t" path "\t" line "\t" what "\t" target
}

function mark(text,    word, at) {
    split(text, word, " ")
    at = 1
    if (word[1] == "may" || word[1] == "check" || word[1] == "may-check")
        at = 2
    if (word[1] == "none" || word[1] == "blind")
        return
    if (word[1] == "check")
        wanted[key_of("check", path, line, word[2], word[3])] = 1
    else if (word[1] == "may-check")
        allowed[key_of("check", path, line, word[2], word[3])] = 1
    else if (word[at] !~ /^(read|write|query|declare|save)$/) {
        print "malformed " path ":" line ": " text
        bad++
    } else if (word[1] == "may") {
        allowed[key_of("scan", path, line, word[2], word[3])] = 1
        allowed[key_of("check", path, line, "old-" word[2], word[3])] = 1
    } else
        wanted[key_of("scan", path, line, word[1], word[2])] = 1
}

FNR == NR {
    match($0, /^[^:]*:[0-9]+:/)
    split(substr($0, 1, RLENGTH), at, ":")
    path = at[1]
    line = at[2]
    text = substr($0, index($0, "#! ") + 3)
    sub(/ *(%>|#}|-->|\*\/).*$/, "", text)
    count = split(text, marks, " ; ")
    for (i = 1; i <= count; i++)
        mark(marks[i])
    next
}

{
    split($0, found, "\t")
    key = key_of(found[1], found[2], found[3], found[4], found[5])
    if (found[1] == "scan" && found[4] == "save")
        next
    if (key in wanted)
        met[key] = 1
    else if (!(key in allowed) && !(key in told)) {
        told[key] = 1
        print "false     " place(key)
        bad++
        extra[found[1]]++
    }
}

END {
    for (key in wanted) {
        kind = substr(key, 1, index(key, "\t") - 1)
        total[kind]++
        if (key in met)
            right[kind]++
        else {
            print "missed    " place(key)
            bad++
        }
    }
    printf "%s: scan %d of %d, %d false; check %d of %d, %d false\n", name, right["scan"],
        total["scan"], extra["scan"], right["check"], total["check"], extra["check"]
    exit bad > 0
}
