export { argumentUses } from "./argumentUses.ts";
export type {
  Argument,
  CallExpression,
  DictExpression,
  Expression,
  ParameterSyntax,
  StringExpression,
} from "./expressions.ts";
export { functionFlow } from "./functionFlow.ts";
export {
  type BlockHeader,
  blockHeader,
  type DefinitionHeader,
  definitionHeader,
  definitionName,
  type ImportStatement,
  importStatement,
  type SimpleStatement,
  simpleStatement,
} from "./headers.ts";
export {
  absoluteModule,
  bindImport,
  importAliases,
  type ModulePlace,
  type NameResolver,
  resolveDotted,
} from "./importAliases.ts";
export { docstring, dottedName, type LiteralValue, literalValue, stringPieces, stringValue } from "./literals.ts";
export { decoratorsOf, type PythonTree, parseExpression, parsePython } from "./parse.ts";
export { type PythonSource, SourceText } from "./source.ts";
export type { Statement, StatementKind, TextRange } from "./statements.ts";
export { summarise, summariseFully } from "./summarise.ts";
export type { ModuleSummary, Place, Run, ValueSyntax } from "./summary.ts";
export { childExpressions, statementExpressions, walkExpression, walkStatements } from "./walk.ts";
