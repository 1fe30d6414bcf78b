"""Parses SQL files with Postgres's own grammar, then checks them with pgspot.

Prints one JSON array of violations: rule, file, line, message. pgspot is used as a library, because its command line stops at
the first function with a body of the SQL standard (`return …`) and does not read the rest of the file.
"""

import json
import re
import sys
from types import SimpleNamespace

from pglast import ast, parse_sql
from pglast.parser import ParseError
from pgspot.codes import codes
from pgspot.state import Counter, State
from pgspot.visitors import SQLVisitor, visit_sql

BEFORE_STATEMENT = re.compile(r"(?:\s|--[^\n]*)*")
EMPTY_BODY = ast.DefElem(defname="as", arg=(ast.String(sval="select 1"),))
SAFE_SEARCH_PATH = ast.DefElem(
    defname="set",
    arg=ast.VariableSetStmt(
        name="search_path",
        args=(ast.A_Const(val=ast.String(sval="pg_catalog")), ast.A_Const(val=ast.String(sval="pg_temp"))),
    ),
)
visit_create_function = SQLVisitor.visit_CreateFunctionStmt
is_secure_searchpath = State.is_secure_searchpath


def visit_create_function_with_standard_body(self, ancestors, node):
    """Postgres resolves the names in a body of the SQL standard when the function is created, so the function needs no search
    path of its own. What it calls may need one, so this exemption does not hold for a security definer."""
    if node.sql_body is not None:
        exempt = not any(option.defname in ("set", "security") for option in node.options)
        node.options += (EMPTY_BODY, SAFE_SEARCH_PATH) if exempt else (EMPTY_BODY,)
    try:
        return visit_create_function(self, ancestors, node)
    except ParseError:
        # Without a server the fields of a variable of a table's type are not known. pgspot has checked the function itself by
        # now, and plpgsql_check checks every body inside a server (specs/d1-sql.spec.ts).
        return None


def is_secure_or_empty_searchpath(self, setters):
    """An empty path is as safe as pg_catalog: they differ only for roles that may create temporary tables, and none may."""
    return self.extract_schemas(setters) == [""] or is_secure_searchpath(self, setters)


SQLVisitor.visit_CreateFunctionStmt = visit_create_function_with_standard_body
State.is_secure_searchpath = is_secure_or_empty_searchpath


class Violations(Counter):
    """Collects what pgspot would print."""

    def __init__(self, file):
        super().__init__(SimpleNamespace(ignore=[], plpgsql=True, ignore_lang=[], sql_fn=[], proc_without_search_path=[]))
        self.file = file
        self.found = []

    def line_number(self):
        """Of the statement itself: pgspot would count from the comments before it."""
        start = BEFORE_STATEMENT.match(self.sql, self.stmt_location).end()
        return self.sql.count("\n", 0, start) + 1

    def print_issue(self, code, context):
        self.found.append(violation(code, self.file, self.line_number(), f"{codes[code]['title']}: {context}"))

    def unknown(self, message):
        self.found.append(violation("unknown", self.file, self.line_number(), message))


def violation(rule, file, line, message):
    return {"rule": rule, "file": file, "line": line, "message": message}


def check(file):
    with open(file, encoding="utf8") as text:
        sql = text.read()
    try:
        # pglast takes the offset of an error, which is in characters, for one in bytes: without other letters both are the same.
        parse_sql(re.sub(r"[^\x00-\x7f]", "x", sql))
    except ParseError as error:
        message, offset = (*error.args, 0)[:2]
        return [violation("syntax", file, sql.count("\n", 0, offset or 0) + 1, message)]
    violations = Violations(file)
    state = State(violations)
    # The runner runs every migration with an empty search path.
    state.searchpath_secure = True
    visit_sql(state, sql, toplevel=True)
    return violations.found


json.dump([found for file in sys.argv[1:] for found in check(file)], sys.stdout)
