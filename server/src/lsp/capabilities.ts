import { type ClientCapabilities, type InitializeParams, InsertTextMode, SymbolKind } from "vscode-languageserver";

/** What the client can do, each as a word of its own; read once from `initialize`. */
export interface Client {
  /** Asks for diagnostics itself, and asks again when it is told to: then nothing is pushed to it for open documents. */
  readonly pullsDiagnostics: boolean;
  /** Answers `workspace/configuration`. */
  readonly hasConfiguration: boolean;
  readonly hasDynamicConfiguration: boolean;
  readonly hasWorkspaceFolders: boolean;
  readonly hasProgress: boolean;
  /** Shows documents that the server makes: formatted views. */
  readonly showsViews: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  readonly versionedDiagnostics: boolean;
  readonly markdownHover: boolean;
  readonly markdownCompletion: boolean;
  readonly insertReplace: boolean;
  /** Indents what a completion writes over several lines. */
  readonly adjustsIndentation: boolean;
  /** Completions may have places to fill in. */
  readonly snippets: boolean;
  readonly definitionLinks: boolean;
  readonly codeActionLiterals: boolean;
  readonly preferredActions: boolean;
  /** Asks for inlay hints again where it is told to. */
  readonly refreshesInlayHints: boolean;
  readonly hasInlayHints: boolean;
  readonly documentChanges: boolean;
  readonly nestedSymbols: boolean;
  /** Tells several outlines of a document apart by what they are called. */
  readonly labelsOutlines: boolean;
  /** Knows the kind of symbol that is an object. */
  readonly objectSymbols: boolean;
  /** How many folding ranges it wants at most. */
  readonly foldingLimit: number | undefined;
  readonly preparesRename: boolean;
  readonly findsSymbolsDynamically: boolean;
  /** Registers features when it is asked to, by the method's name. */
  registersDynamically(feature: DynamicFeature): boolean;
  /** Has a command of its own that code actions may name. */
  hasCommand(command: string): boolean;
  /** Opens a notebook's cell where a location names it by `cellUri`. */
  readonly opensCells: boolean;
  /** Sends the texts of open notebooks. */
  readonly syncsNotebooks: boolean;
  /** Wants to be told the state of the server. */
  readonly wantsStatus: boolean;
  /** The folder of the rules' pages where the client keeps them; ends with a slash. */
  readonly rulePages: string | undefined;
  /** The path of the folder in which summaries are kept; undefined where the machine's own is meant. */
  readonly cacheFolder: string | undefined;
}

export type DynamicFeature =
  | "completion"
  | "hover"
  | "definition"
  | "references"
  | "documentHighlight"
  | "rename"
  | "documentSymbol"
  | "foldingRange"
  | "selectionRange"
  | "codeAction"
  | "diagnostic"
  | "inlayHint";

/** Reads what a client says of itself, however little that is. */
export function readClient(params: InitializeParams): Client {
  const capabilities: ClientCapabilities = params.capabilities ?? {};
  const { textDocument, workspace, window } = capabilities;
  const options = optionsOf(params.initializationOptions);
  const item = textDocument?.completion?.completionItem;
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined && workspace?.diagnostics?.refreshSupport === true,
    hasConfiguration: workspace?.configuration === true,
    hasDynamicConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    hasWorkspaceFolders: workspace?.workspaceFolders === true,
    hasProgress: window?.workDoneProgress === true,
    showsViews: workspace?.textDocumentContent !== undefined,
    relatedInformation:
      textDocument?.publishDiagnostics?.relatedInformation === true ||
      textDocument?.diagnostic?.relatedInformation === true,
    codeDescription:
      textDocument?.publishDiagnostics?.codeDescriptionSupport === true ||
      textDocument?.diagnostic?.codeDescriptionSupport === true,
    versionedDiagnostics: textDocument?.publishDiagnostics?.versionSupport === true,
    markdownHover: textDocument?.hover?.contentFormat?.includes("markdown") === true,
    markdownCompletion: item?.documentationFormat?.includes("markdown") === true,
    snippets: item?.snippetSupport === true,
    adjustsIndentation: item?.insertTextModeSupport?.valueSet.includes(InsertTextMode.adjustIndentation) === true,
    insertReplace: item?.insertReplaceSupport === true,
    definitionLinks: textDocument?.definition?.linkSupport === true,
    codeActionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    preferredActions: textDocument?.codeAction?.isPreferredSupport === true,
    refreshesInlayHints: workspace?.inlayHint?.refreshSupport === true,
    hasInlayHints: textDocument?.inlayHint !== undefined,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    nestedSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    labelsOutlines: textDocument?.documentSymbol?.labelSupport === true,
    objectSymbols: textDocument?.documentSymbol?.symbolKind?.valueSet?.includes(SymbolKind.Object) === true,
    foldingLimit: numberOf(textDocument?.foldingRange?.rangeLimit),
    preparesRename: textDocument?.rename?.prepareSupport === true,
    findsSymbolsDynamically: workspace?.symbol?.dynamicRegistration === true,
    registersDynamically: (feature) => textDocument?.[feature]?.dynamicRegistration === true,
    hasCommand: (command) => options.commands.includes(command),
    opensCells: options.notebookCells,
    syncsNotebooks: capabilities.notebookDocument?.synchronization !== undefined,
    wantsStatus: options.client !== undefined,
    rulePages: options.rulePages,
    cacheFolder: options.cacheFolder,
  };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

interface Options {
  readonly client: string | undefined;
  readonly commands: readonly unknown[];
  readonly notebookCells: boolean;
  readonly rulePages: string | undefined;
  readonly cacheFolder: string | undefined;
}

function optionsOf(value: unknown): Options {
  const { client, commands, notebookCells, rulePages, cacheFolder } = (
    typeof value === "object" && value !== null ? value : {}
  ) as Record<string, unknown>;
  return {
    client: typeof client === "string" ? client : undefined,
    commands: Array.isArray(commands) ? commands : [],
    notebookCells: notebookCells === true,
    rulePages: typeof rulePages === "string" ? rulePages : undefined,
    cacheFolder: typeof cacheFolder === "string" && cacheFolder !== "" ? cacheFolder : undefined,
  };
}
