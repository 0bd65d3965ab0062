export { argumentUses, functionFlow } from "./argumentUses.ts";
export type {
  Argument,
  CallExpression,
  DictExpression,
  Expression,
  ParameterSyntax,
  StringExpression,
} from "./expressions.ts";
export {
  absoluteModule,
  bindImport,
  importAliases,
  type ModulePlace,
  type NameResolver,
  resolveDotted,
} from "./importAliases.ts";
export { type PythonSource, SourceText } from "./source.ts";
export type { Statement, StatementKind, TextRange } from "./statements.ts";
export { summarise, summariseFully } from "./summarise.ts";
export type { ModuleSummary, Place, Run, ValueSyntax } from "./summary.ts";
export {
  type BlockHeader,
  blockHeader,
  childExpressions,
  type DefinitionHeader,
  decoratorsOf,
  definitionHeader,
  definitionName,
  docstring,
  dottedName,
  type ImportStatement,
  importStatement,
  type LiteralValue,
  literalValue,
  type PythonTree,
  parseExpression,
  parsePython,
  type SimpleStatement,
  simpleStatement,
  statementExpressions,
  stringPieces,
  stringValue,
  walkExpression,
  walkStatements,
} from "./tree.ts";
