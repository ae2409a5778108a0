/*
 * prototype.h: functions that are classes.
 *
 *     function Order(email) { this.email = email; }
 *     Order.prototype.send = function () { return this.email; };
 *     Order.prototype = {...};  Object.assign(Order.prototype, {...});  inherits(Line, Order);
 */
#ifndef STRAGGLER_ANALYZE_PROTOTYPE_H
#define STRAGGLER_ANALYZE_PROTOTYPE_H

#include "analyze/program/program.h"

/* Declares the classes that a file makes so, where the language has it (`prototype`), with their methods. */
void prototype_declare(Program *program, File *file);

#endif
