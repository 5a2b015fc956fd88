import type { TextEdit } from '../core/formats/format';
import type { RuleId } from '../core/rules/registry';
import type { Severity } from '../core/rules/rule';
import type { CodeFix, JudgedCode, FixContext, FixOffer, JudgedFile, SourceRange } from './finding';

/** Grammars that a document can be read with. `tsx` also serves JavaScript with JSX. */
export const codeLanguages = ['python', 'javascript', 'typescript', 'tsx'] as const;
export type CodeLanguage = (typeof codeLanguages)[number];

/** What is judged as model code: programs, and model descriptions in YAML. */
export type SourceLanguage = CodeLanguage | 'yaml';

/** What the user may change about judging code. */
export interface CodeLintOptions {
  /** Severity per rule; rules not named keep their default. */
  readonly severities?: Readonly<Partial<Record<RuleId, Severity | 'off'>>>;
}

/** Names one finding of the latest lint. */
export interface FindingKey {
  readonly rule: RuleId;
  readonly range: SourceRange;
}

/** Where a document lies, for its imports; absolute, written with `/`. */
export interface WorkspacePlace {
  readonly file: string;
  /** The folder of the workspace that holds it: imports are followed within. */
  readonly root: string;
}

/** A file that has changed on the disk. */
export interface FileChange {
  readonly file: string;
  /** True where it has come or gone. */
  readonly isNew: boolean;
}

/** A file that a finding leads to, as whoever asks has it. */
export interface OtherFile {
  /** Absolute, written with `/`. */
  readonly path: string;
  readonly language: SourceLanguage;
  readonly text: string;
}

/**
 * Requests to the process or thread that holds the syntax trees. Documents are named by any string of the caller's; messages
 * about one document are handled in the order sent, so a reply always refers to the text after all edits sent before it.
 */
export interface CodeRequests {
  /** Starts (or restarts) following a document; without a place it is judged alone. */
  open: { readonly document: string; readonly language: SourceLanguage; readonly text: string; readonly place?: WorkspacePlace };
  /** Changes its text: each edit refers to the text that the one before left behind. */
  edit: { readonly document: string; readonly edits: readonly TextEdit[] };
  close: { readonly document: string };
  /** Tells of files that have changed on the disk. */
  changed: { readonly files: readonly FileChange[] };
  /** Asks whether a document that imports no framework itself leads to one through the workspace; `paths` is what it imports. */
  consider: { readonly document: string; readonly place: WorkspacePlace; readonly paths: readonly string[] };
  /** Judges a file as it is on the disk, without following it on; null where there is none. */
  lintFile: {
    readonly document: string;
    readonly language: SourceLanguage;
    readonly place: WorkspacePlace;
    readonly options: CodeLintOptions;
  };
  /** No more is to be told of documents that were considered, or judged as files. */
  forget: { readonly documents: readonly string[] };
  lint: { readonly document: string; readonly options: CodeLintOptions };
  offers: { readonly document: string; readonly finding: FindingKey; readonly context: FixContext };
  /** What can be done in another file, which builds layers of the finding. */
  offersElsewhere: {
    readonly document: string;
    readonly finding: FindingKey;
    readonly file: OtherFile;
    /** Of that file. */
    readonly context: FixContext;
  };
  /** How many findings have a fix in the document that inserts a blur. */
  fixable: { readonly document: string; readonly options: CodeLintOptions; readonly context: FixContext };
  /** Every fix of the document as one, stems left out; null where there is none. */
  fixAll: { readonly document: string; readonly options: CodeLintOptions; readonly context: FixContext };
}

export interface CodeReplies {
  /**
   * Other documents that import the changed one, directly or not: they are to be judged again. Of those that were considered, the ones
   * that lead to a framework now.
   */
  open: readonly string[];
  edit: readonly string[];
  close: readonly string[];
  changed: readonly string[];
  consider: boolean;
  lintFile: JudgedFile | null;
  forget: null;
  lint: JudgedCode;
  offers: FixOffer;
  /** Edits are those of the other file's text. */
  offersElsewhere: FixOffer;
  fixable: number;
  fixAll: CodeFix | null;
}

export type CodeRequestKind = keyof CodeRequests;

/** One message to the worker; it answers each with one `CodeReply` of the same number. */
export type CodeRequest = {
  readonly [K in CodeRequestKind]: { readonly number: number; readonly kind: K; readonly body: CodeRequests[K] };
}[CodeRequestKind];

export type CodeReply =
  | { readonly number: number; readonly ok: true; readonly body: CodeReplies[CodeRequestKind] }
  | { readonly number: number; readonly ok: false; readonly message: string; readonly stack?: string };
