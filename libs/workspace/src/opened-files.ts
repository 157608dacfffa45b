/**
 * The hop budget: from an event to its effect a reader opens four files. The event's contract, the department's process
 * table, the handler, and at most one more file of the department: the noun's, with its state, steps and SQL.
 *
 * Counted for each `on` row: the files of the department that the handler's file reaches by imports of values, directly
 * or through others, and that take a `Tx`, hold an SQL statement, or import TypeORM or Nest. What is left are pure rules
 * and settings: they are opened only to learn how something is decided. They are not counted, but what they import is. A
 * type decides nothing, so `import type` is not followed.
 */
import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

/** How many files beside the handler's own may be opened. */
export const HOP_BUDGET = 1;

/** What a reader opens for one `on` row, after contract and process table. Paths are relative to the department. */
export interface OpenedFiles {
  readonly events: readonly string[];
  readonly handler: string;
  readonly counted: readonly string[];
  readonly rules: readonly string[];
}

/** The text of a file of the department; throws when there is none. */
export type ReadFile = (path: string) => string;

interface Import {
  readonly from: string;
  /** As the module exports them. */
  readonly names: readonly string[];
  readonly isType: boolean;
}

/** Follows every `on` row of a process table. Throws when a row's handler is not imported from a file. */
export function openedFiles(processFile: string, read: ReadFile): OpenedFiles[] {
  const table = parse(processFile, read);
  const imports = importsOf(table);
  return onRowsOf(table).map(({ events, command }) => {
    const from = imports.find(({ names }) => names.includes(command))?.from;
    if (!from?.startsWith('.')) throw new Error(`${processFile}: ${command} is not imported from a file.`);
    const handler = fileOf(from, processFile);
    const reached = [...reach(handler, read)].filter((file) => file !== handler).sort();
    const isCounted = (file: string) => touchesTheOutside(parse(file, read));
    const rules = reached.filter((file) => !isCounted(file));
    return { events, handler, counted: reached.filter(isCounted), rules };
  });
}

/** `on(A, B).do(Command)` with whatever follows it. */
function onRowsOf(table: ts.SourceFile): { events: string[]; command: string }[] {
  return nodesIn(table).flatMap((node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
    const { expression: on, name } = node.expression;
    if (name.text !== 'do' || !ts.isCallExpression(on) || on.expression.getText() !== 'on') return [];
    return [{ events: on.arguments.map((event) => event.getText()), command: node.arguments[0]!.getText() }];
  });
}

function reach(file: string, read: ReadFile, reached = new Set<string>()): Set<string> {
  if (reached.has(file)) return reached;
  reached.add(file);
  const values = importsOf(parse(file, read)).filter(({ from, isType }) => from.startsWith('.') && !isType);
  for (const { from } of values) reach(fileOf(from, file), read, reached);
  return reached;
}

function fileOf(from: string, importer: string): string {
  return join(dirname(importer), from).replace(/\.js$/, '.ts');
}

function touchesTheOutside(file: ts.SourceFile): boolean {
  const takesIt = importsOf(file).some(
    ({ from, names }) =>
      /^(typeorm$|@nestjs\/)/.test(from) || (from.startsWith('@retaguarda/') && names.includes('Tx')),
  );
  return takesIt || nodesIn(file).some((node) => isText(node) && STATEMENT.test(node.getText()));
}

const STATEMENT = /\b(select\b[^]+\bfrom|insert\s+into|update\b[^]+\bset|delete\s+from)\s/i;

function isText(node: ts.Node): boolean {
  return ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node);
}

/** Re-exports count as imports. */
function importsOf(file: ts.SourceFile): Import[] {
  return file.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    if (!statement.moduleSpecifier || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const [isWholeType, bindings] = ts.isImportDeclaration(statement)
      ? [statement.importClause?.isTypeOnly, statement.importClause?.namedBindings]
      : [statement.isTypeOnly, statement.exportClause];
    const named =
      bindings && (ts.isNamedImports(bindings) || ts.isNamedExports(bindings)) ? [...bindings.elements] : [];
    return {
      from: statement.moduleSpecifier.text,
      names: named.map(({ name, propertyName }) => (propertyName ?? name).text),
      isType: Boolean(isWholeType) || (named.length > 0 && named.every(({ isTypeOnly }) => isTypeOnly)),
    };
  });
}

function nodesIn(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child));
  return children.flatMap((child) => [child, ...nodesIn(child)]);
}

function parse(path: string, read: ReadFile): ts.SourceFile {
  return ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2022, true);
}
