/*
 * Sets are tiny and searched linearly. Two entries are the same when shape and
 * class are; the reason of the surer one is kept.
 */
#include "analyze/program/type.h"

void typeset_add(TypeSet *set, Type type)
{
    for (uint32_t i = 0; i < set->count; i++) {
        Type *old = &set->items[i];
        if (old->shape == type.shape && old->class_id == type.class_id &&
            old->module == type.module) {
            uint32_t given = type.given ? type.given : old->given;
            if (type.confidence < old->confidence)
                *old = type;
            old->given = given;
            return;
        }
    }
    if (set->count < TYPE_SET_MAX)
        set->items[set->count++] = type;
}

void typeset_join(TypeSet *set, const TypeSet *other)
{
    for (uint32_t i = 0; i < other->count; i++)
        typeset_add(set, other->items[i]);
}

TypeSet typeset_keys(const TypeSet *set)
{
    TypeSet keys = {0};
    for (uint32_t i = 0; i < set->count; i++) {
        Type type = set->items[i];
        if (type.shape != SHAPE_COLLECTION || !type.key)
            continue;
        typeset_add(&keys, (Type){.shape = SHAPE_INSTANCE,
                                  .confidence = type.confidence,
                                  .class_id = type.key,
                                  .reason = type.reason});
    }
    return keys;
}

void typeset_weaken(TypeSet *set, Confidence confidence)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->items[i].confidence < confidence)
            set->items[i].confidence = (uint8_t)confidence;
    }
}
