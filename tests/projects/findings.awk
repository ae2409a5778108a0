# Turns jsonl into "command path line kind-or-rule target". The keys wanted come before the
# evidence in each line, so that the first one of a name is the finding's own.
function text(key,    at, rest) {
    at = index($0, "\"" key "\":\"")
    if (!at)
        return ""
    rest = substr($0, at + length(key) + 4)
    return substr(rest, 1, index(rest, "\"") - 1)
}

/"path":/ {
    match($0, /"line":[0-9]+/)
    line = substr($0, RSTART + 7, RLENGTH - 7)
    print command "\t" text("path") "\t" line "\t" text(command == "scan" ? "kind" : "rule") \
        "\t" text("target")
}
