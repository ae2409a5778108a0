/*
 * language.h: what is known of each language, read from grammars/<language>/language.yml.
 *
 * The files are embedded in the binary. The part above the line `lowering:` is
 * short and read at start; the rest is parsed and checked against the compiled
 * grammar when a language is first needed. Unknown keys, node kinds, fields or
 * roles stop with file:line:column. docs/adding-a-language.md describes both.
 */
#ifndef STRAGGLER_PARSE_LANGUAGE_H
#define STRAGGLER_PARSE_LANGUAGE_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/intern.h"
#include "base/str.h"

typedef struct StrList {
    Str *items;
    size_t count;
} StrList;

bool strlist_has(const StrList *list, Str text);

/* How a declaration of a name is spelled, for the demand-driven search: "class {}", "def {}". */
typedef struct DeclarePattern {
    Str line;   /* what the line begins with, where `...` follows it; empty: anything */
    Str before; /* literal text before the name */
    Str after;  /* and after it */
} DeclarePattern;

typedef struct DeclareList {
    DeclarePattern *items;
    size_t count;
} DeclareList;

/* Operators as written that decide what runs, or compare. */
typedef struct OperatorWords {
    StrList both, either, negate; /* "&&", "||", "!" */
    StrList equal, unequal;
} OperatorWords;

typedef struct Lowering Lowering; /* node kind -> facts; private to parse/ */

typedef struct Language {
    const char *name;       /* "ruby" */
    const char *family;     /* rule packs are chosen by it: "typescript" and "tsx" -> "javascript" */
    StrList interfaces;     /* extensions of files that declare what others use: headers */
    StrList extensions;     /* without dot; several dots allowed: "html.erb" */
    StrList filenames;      /* "Gemfile" */
    StrList shebangs;       /* "ruby" */
    StrList never_begins;   /* a text that begins so is of another language: "<?xml" */
    Str line_comment;       /* "#", for suppressions and fixture marks; may be empty */
    StrList block_comment;  /* opening and closing; may be empty */
    DeclareList class_declares;
    DeclareList class_extends; /* how a class names the one it inherits from; empty: not told */
    DeclareList function_declares;
    Str separator;          /* of qualified names as written: "::", "." */
    Str value_member;       /* what reaches into a member that is a value, no pointer: "." (C); empty */
    bool implicit_self;     /* a bare name in a method can be a member of self (Ruby, Java, C++) */
    bool implicit_return;   /* a function's last expression is its value (Ruby, Rust) */
    bool bare_call;         /* `a.b` may be a call without brackets (Ruby) */
    bool open_classes;      /* two declarations of one qualified name are one class (Ruby) */
    bool keys_are_members;  /* records are arrays with keys: x['email'] says as much as x.email (PHP) */
    bool plain_objects;     /* objects are written out without a class, and `this` may be one (JavaScript) */
    bool body_names; /* a bare name in a class body is a member of the class (Python) */
    bool first_param_is_self; /* a method's first parameter is the object (Python) */
    OperatorWords operators;
    StrList exits;          /* calls that do not come back: "raise", "sys.exit" */
    StrList deprecated;     /* decorators that mark a member as on its way out: "Deprecated" */
    StrList nothing;        /* literals that stand for no value: "nil", "None" */
    DeclarePattern setter;  /* the function that `o.x = 1` runs, by its name: "{}=" (Ruby); empty */
    StrList library_members; /* members that objects of the usual libraries have: mail.subject */
    StrList import_calls;   /* calls whose value is a module: "require" */
    StrList exports;        /* the module's own value, as assigned to: "module.exports" */
    Str prototype;          /* the member by which a function is a class: "prototype" (JavaScript) */
    StrList inherit_calls;  /* calls that make a first such function inherit from a second: "inherits" */
    StrList function_types; /* generics that are functions of their first argument: "FC" (TypeScript) */
    StrList argument_members; /* members of classes below one, by its arguments: "props", "state" */
    bool declared_locals;   /* an assignment declares no local: it gives one around it a value (JavaScript) */
    bool module_scope;      /* a value of another file is seen through imports only (JavaScript) */
    StrList doc_params;     /* tags of comments that declare a parameter's type: "@param" */
    StrList doc_returns, doc_values, doc_members; /* a result's, a variable's, a class member's */
    StrList doc_untyped;    /* names in such types that say nothing */
    StrList doc_plain;      /* generics in such types that are what they hold */
    bool package_scope;     /* a type without qualifier or import is of the same package (Java) */
    bool folder_scope;      /* a type without qualifier is of the same folder (Go) */
    bool fields_hide;       /* a field of a class below hides one of the same name above (Go, Java) */
    bool minified;          /* files of very long lines are made by a program: not analysed */
    bool closed_types;      /* a library gives only what is its own, or what it was given (Go, Java) */
    Str module_file;        /* the file that holds a tree's import path: "go.mod"; may be empty */
    Str module_line;        /* how its line starts: "module " */
    bool typed;             /* members are declared; an undeclared type name is still a proof */
    const char *frontend;   /* "tree-sitter", "sql", "template", "django-template", "data", "text" */
    const char *parser;     /* tree-sitter: "tree_sitter_ruby"; else NULL */
    const char *template_kind; /* template: "erb" (`template:`); else NULL */
    const char *host;       /* template: the language its code is in, "ruby"; else NULL */
    const struct Language *host_language; /* the language `host` names; NULL */
    const char *data_format; /* data: "yaml", "json" (`format:`); else NULL */
    const Lowering *lowering; /* set by language_prepare */
    Str source_file;        /* "grammars/ruby/language.yml" */
} Language;

typedef struct Languages Languages;

/* Reads the list of languages (names and file patterns only: cheap). */
Languages *languages_new(Names *names, Diag *diag);
void languages_free(Languages *languages);

/* By longest matching extension, then file name. NULL when nothing matches. Thread safe. */
const Language *languages_for_path(const Languages *languages, const char *path);
const Language *languages_for_shebang(const Languages *languages, Str first_line);
const Language *languages_named(const Languages *languages, const char *name);
size_t languages_count(const Languages *languages);
const Language *languages_at(const Languages *languages, size_t index);

/* The language that code in files of `language` is in: a template's host, else itself. */
static inline const Language *language_of_code(const Language *language)
{
    return language->host_language ? language->host_language : language;
}

/* False when the text cannot be of the language, whatever its path says. */
bool language_fits(const Language *language, Str text);

/* Loads and checks the lowering data of one language, and of its host (idempotent, thread safe). */
bool language_prepare(Languages *languages, const Language *language, Diag *diag);

#endif
