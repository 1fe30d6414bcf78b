"""Parses SQL files with Postgres's own grammar, and looks for what pgspot finds unsafe in migrations.

Prints one JSON array of findings: rule, file, line, message. pgspot is used as a library, because its command stops at
the first function with a body of the SQL standard (`return …`), and leaves the rest of the file unread.
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
UNREAD = ast.DefElem(defname="as", arg=(ast.String(sval="select 1"),))
PINNED = ast.DefElem(
    defname="set",
    arg=ast.VariableSetStmt(
        name="search_path",
        args=(ast.A_Const(val=ast.String(sval="pg_catalog")), ast.A_Const(val=ast.String(sval="pg_temp"))),
    ),
)
pgspot_reads_function = SQLVisitor.visit_CreateFunctionStmt
pgspot_trusts = State.is_secure_searchpath


def read_function(self, ancestors, node):
    """A body of the SQL standard is bound to its objects when it is created, so that it needs no search path of its own;
    what it calls in turn may need one, so that this does not hold for a security definer."""
    if node.sql_body is not None:
        exempt = not any(option.defname in ("set", "security") for option in node.options)
        node.options += (UNREAD, PINNED) if exempt else (UNREAD,)
    try:
        return pgspot_reads_function(self, ancestors, node)
    except ParseError:
        # Outside of a server nobody knows the fields of a variable that has a table's type. What pgspot says of the
        # function itself is said by then, and plpgsql_check reads every body inside of one (specs/d1-sql.spec.ts).
        return None


def trust(self, setters):
    """An empty path is as good as pg_catalog. It differs only for who may make temporary tables, and nobody may."""
    return self.extract_schemas(setters) == [""] or pgspot_trusts(self, setters)


SQLVisitor.visit_CreateFunctionStmt = read_function
State.is_secure_searchpath = trust


class Findings(Counter):
    """Collects where pgspot would print."""

    def __init__(self, file):
        super().__init__(SimpleNamespace(ignore=[], plpgsql=True, ignore_lang=[], sql_fn=[], proc_without_search_path=[]))
        self.file = file
        self.found = []

    def line_number(self):
        """Of the statement itself, where pgspot would take the comments before it for its beginning."""
        start = BEFORE_STATEMENT.match(self.sql, self.stmt_location).end()
        return self.sql.count("\n", 0, start) + 1

    def print_issue(self, code, context):
        self.found.append(finding(code, self.file, self.line_number(), f"{codes[code]['title']}: {context}"))

    def unknown(self, message):
        self.found.append(finding("unknown", self.file, self.line_number(), message))


def finding(rule, file, line, message):
    return {"rule": rule, "file": file, "line": line, "message": message}


def examine(file):
    with open(file, encoding="utf8") as text:
        sql = text.read()
    try:
        parse_sql(sql)
    except ParseError as error:
        message, offset = (*error.args, 0)[:2]
        return [finding("syntax", file, sql.count("\n", 0, offset or 0) + 1, message)]
    findings = Findings(file)
    state = State(findings)
    # The runner runs every migration with an empty search path.
    state.searchpath_secure = True
    visit_sql(state, sql, toplevel=True)
    return findings.found


json.dump([found for file in sys.argv[1:] for found in examine(file)], sys.stdout)
