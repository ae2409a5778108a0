/*
 * Which classes a target's model means. Several may have the name: the one a
 * framework stores, what a generator makes of it, the message of an API, an
 * unrelated namesake. Those that are models and have the field go first, then
 * those that have the field, then all. A written qualifier chooses among them.
 */
#include "analyze/access/access.h"

#include "analyze/program/naming.h"

/* True when the class has the field under a name of its own: `scope`, `Scope`, `getScope`. */
static bool declares(const Analysis *a, ClassId class_id, uint32_t model)
{
    for (size_t k = 0; k < a->accessors.count; k++) {
        const Accessor *accessor = &a->accessors.items[k];
        bool plain = !accessor->rule || !accessor->rule->on_class.count;
        if (plain && a->fields.items[accessor->field].model == model &&
            program_member(a->program, class_id, accessor->name))
            return true;
    }
    return false;
}

/* True when `part` is one of the words that slashes and dots divide `path` into. */
static bool has_segment(Str path, Str part)
{
    for (size_t at = str_find(path, part, 0); at != SIZE_MAX; at = str_find(path, part, at + 1)) {
        size_t end = at + part.length;
        if ((!at || !byte_is_word((unsigned char)path.data[at - 1])) &&
            (end == path.length || !byte_is_word((unsigned char)path.data[end])))
            return true;
    }
    return false;
}

/* The written name's qualifier must be the end of the class's, or a folder of its file. */
static bool qualifier_fits(const Analysis *a, const TargetModel *model, const Class *class)
{
    Names *names = a->program->names;
    Str written = names_str(names, model->name), last = names_str(names, model->last);
    if (written.length == last.length)
        return true;
    size_t end = written.length - last.length;
    while (end && !byte_is_word((unsigned char)written.data[end - 1]))
        end--;
    Str qualifier = name_last(str_slice(written, 0, end));
    if (has_segment(names_str(names, class->qualified), qualifier))
        return true;
    for (size_t i = 0; i < class->places.count; i++) {
        const File *file = a->program->files.items[class->places.items[i].file];
        if (has_segment(str_of(file->source->path), qualifier) ||
            str_eq(name_last(names_str(names, file->package)), qualifier))
            return true;
    }
    return false;
}

static Str folder_of(const Program *program, const Class *class)
{
    Str path = {0};
    if (class->places.count)
        path = str_of(program->files.items[class->places.items[0].file]->source->path);
    while (path.length && path.data[path.length - 1] != '/')
        path.length--;
    return path;
}

/* The folder that `step` ("..", "generated", "../db") leads to, as text with a slash at the end. */
static void add_folder(Str from, Str step, StrBuf *out)
{
    while (str_starts(step, "..")) {
        from.length -= from.length > 0;
        while (from.length && from.data[from.length - 1] != '/')
            from.length--;
        step = str_slice(step, step.length > 2 ? 3 : 2, step.length);
    }
    strbuf_add_str(out, from);
    if (step.length) {
        strbuf_add_str(out, step);
        strbuf_add_byte(out, '/');
    }
}

/* True when `made` stands where the framework puts what it generates from the model `class`. */
static bool is_generated_from(const Program *program, const Class *made, const Class *class)
{
    if (!class->is_model || made == class || made->name != class->name)
        return false;
    for (size_t i = 0; i < class->model_rule->generated.count; i++) {
        StrBuf buf = {0};
        add_folder(folder_of(program, class), class->model_rule->generated.items[i], &buf);
        bool same = str_eq(strbuf_str(&buf), folder_of(program, made));
        strbuf_release(&buf);
        if (same)
            return true;
    }
    return false;
}

static bool is_stored_model(const Program *program, const Class *class)
{
    if (class->is_model)
        return true;
    for (ClassId id = program_class_named(program, class->name); id;
         id = program->class_next.items[id]) {
        if (is_generated_from(program, class, program->classes.items[id]))
            return true;
    }
    return false;
}

static void choose(TargetModel *model, ClassId id)
{
    for (size_t i = 0; i < model->class_count; i++) {
        if (model->classes[i] == id)
            return;
    }
    if (model->class_count < MODEL_CLASSES_MAX)
        model->classes[model->class_count++] = id;
}

/* A schema and what is generated from it are one model. */
static void choose_twins(Analysis *a, TargetModel *model)
{
    const Program *program = a->program;
    size_t count = model->class_count;
    for (size_t i = 0; i < count; i++) {
        const Class *class = program->classes.items[model->classes[i]];
        for (ClassId id = program_class_named(program, class->name); id;
             id = program->class_next.items[id]) {
            const Class *other = program->classes.items[id];
            if (is_generated_from(program, class, other) || is_generated_from(program, other, class))
                choose(model, id);
        }
    }
}

/* A model that no file declares as a class (a table, a library's): every mention of it is it. */
static void take_undeclared(Analysis *a, TargetModel *model)
{
    Program *program = a->program;
    StrBuf snake = {0}, plural = {0};
    program_mention_class(program, model->name);
    for (ClassId id = program_class_named(program, model->last); id;
         id = program->class_next.items[id])
        choose(model, id);
    name_snake(names_str(program->names, model->last), &snake);
    name_plural(strbuf_str(&snake), &plural);
    Sym tables[] = {model->table, names_intern(program->names, strbuf_str(&snake)),
                    names_intern(program->names, strbuf_str(&plural)), model->last};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (tables[i] && !map_get(&program->classes_by_table, tables[i]))
            map_put(&program->classes_by_table, tables[i], model->classes[0]);
    }
    strbuf_release(&snake);
    strbuf_release(&plural);
}

/* `name` without its last word and what separates the words before it. */
static Str without_last(Str name)
{
    name.length -= name_last(name).length;
    while (name.length && !byte_is_word((unsigned char)name.data[name.length - 1]))
        name.length--;
    return name;
}

/* How many words of the written qualifier the class's name or place has. */
static unsigned count_qualifiers(const Analysis *a, const TargetModel *model, const Class *class)
{
    Names *names = a->program->names;
    unsigned count = 0;
    for (Str rest = names_str(names, model->name); rest.length; rest = without_last(rest)) {
        Str last = name_last(rest);
        bool has = has_segment(names_str(names, class->qualified), last);
        for (size_t i = 0; i < class->places.count && !has; i++) {
            const File *file = a->program->files.items[class->places.items[i].file];
            has = has_segment(str_of(file->source->path), last);
        }
        count += has;
    }
    return count;
}

/*
 * How well the class's name fits the one written: by the words found in its name and place, then
 * those that agree from the end (Billing::Order is no Billing::Legacy::Order), then the shorter.
 */
static unsigned rate(const Analysis *a, const TargetModel *model, const Class *class)
{
    Str written = names_str(a->program->names, model->name);
    Str own = names_str(a->program->names, class->qualified);
    unsigned agree = 0;
    if (!without_last(written).length) /* no qualifier: all of that name are meant */
        return 1;
    while (written.length && own.length && str_eq(name_last(written), name_last(own))) {
        written = without_last(written);
        own = without_last(own);
        agree++;
    }
    bool whole = !written.length && !own.length;
    return (count_qualifiers(a, model, class) * 64 + agree) * 2 + whole;
}

/* The classes of this name that fit best: models with the field, else any with it, else any. */
static void choose_named(Analysis *a, uint32_t index, Sym name)
{
    TargetModel *model = &a->models.items[index];
    Program *program = a->program;
    for (int pass = 0; pass < 3 && !model->class_count; pass++) {
        unsigned best = 0;
        for (ClassId id = program_class_named(program, name); id;
             id = program->class_next.items[id]) {
            const Class *class = program->classes.items[id];
            if (!class->declared || !qualifier_fits(a, model, class) ||
                (pass <= 1 && !declares(a, id, index)) ||
                (pass == 0 && !is_stored_model(program, class)))
                continue;
            unsigned rating = rate(a, model, class);
            if (rating < best)
                continue;
            if (rating > best)
                model->class_count = 0;
            best = rating;
            choose(model, id);
        }
    }
}

void target_find_classes(Analysis *a, uint32_t index)
{
    TargetModel *model = &a->models.items[index];
    model->class_count = 0;
    Program *program = a->program;
    choose_named(a, index, model->last);
    if (!model->class_count) { /* a typedef's name: typedef struct order_s order_t */
        Sym meant = program_follow_alias(program, model->last);
        Str last = name_last(names_str(program->names, meant));
        choose_named(a, index, names_lookup(program->names, last));
    }
    choose_twins(a, model);
    if (!model->class_count)
        take_undeclared(a, model);
    for (size_t i = 0; i < model->class_count && !model->table; i++)
        model->table = program->classes.items[model->classes[i]]->table;
}
