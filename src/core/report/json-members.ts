/** A member of the outermost object of a JSON text, or an item of one of its lists. */
export interface JsonMember {
  readonly key: string;
  readonly value: unknown;
  readonly isItem: boolean;
}

const [quote, backslash, comma, openList] = [0x22, 0x5c, 0x2c, 0x5b];
const opening = new Set([openList, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/**
 * Reads an object of JSON that is too long to be held: the members called `lists` item by item, all others whole, in the order of the text.
 *
 * @throws SyntaxError where the text is not one whole object, as one that was half written is not
 */
export async function* jsonMembers(pieces: AsyncIterable<string>, lists: readonly string[]): AsyncGenerator<JsonMember> {
  const scanner = new MemberScanner(lists);
  for await (const piece of pieces) yield* scanner.read(piece);
  scanner.end();
}

/** Finds where members and items end, by the depth of brackets outside of strings. */
class MemberScanner {
  private depth = 0;
  private isInString = false;
  private isEscaped = false;
  private hasBegun = false;
  /** What has been read of the member or item under way. */
  private text = '';
  /** The list whose items are read. */
  private list: string | undefined;

  constructor(private readonly lists: readonly string[]) {}

  *read(piece: string): Generator<JsonMember> {
    let from = 0;
    const taken = (to: number): string => {
      const text = this.text + piece.slice(from, to);
      this.text = '';
      from = to + 1;
      return text;
    };
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (this.isInString) this.readInString(code);
      else if (code === quote) this.isInString = true;
      else if (opening.has(code)) this.open(code, () => taken(at));
      else if (closing.has(code)) {
        this.depth -= 1;
        if (this.depth === 0) yield* this.member(taken(at));
        else if (this.depth === 1 && this.list !== undefined) {
          yield* this.item(taken(at));
          this.list = undefined;
        }
      } else if (code === comma && this.depth === 1) yield* this.member(taken(at));
      else if (code === comma && this.depth === 2 && this.list !== undefined) yield* this.item(taken(at));
    }
    this.text += piece.slice(from);
  }

  /** @throws SyntaxError where the object has not ended, or more follows it */
  end(): void {
    if (!this.hasBegun || this.depth !== 0 || this.text.trim() !== '') throw new SyntaxError('The text is not one object.');
  }

  private readInString(code: number): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (code === backslash) this.isEscaped = true;
    else if (code === quote) this.isInString = false;
  }

  private open(code: number, take: () => string): void {
    this.depth += 1;
    if (this.depth === 1) {
      if (this.hasBegun || code === openList || take().trim() !== '') throw new SyntaxError('The text is not one object.');
      this.hasBegun = true;
    } else if (this.depth === 2 && code === openList && this.lists.length > 0) this.openList(take);
  }

  private openList(take: () => string): void {
    const text = take();
    const key = /^\s*"([^"\\]*)"\s*:\s*$/.exec(text)?.[1];
    if (key !== undefined && this.lists.includes(key)) this.list = key;
    else this.text = `${text}[`;
  }

  private *member(text: string): Generator<JsonMember> {
    if (text.trim() === '') return;
    const [entry] = Object.entries(JSON.parse(`{${text}}`) as Readonly<Record<string, unknown>>);
    if (entry !== undefined) yield { key: entry[0], value: entry[1], isItem: false };
  }

  private *item(text: string): Generator<JsonMember> {
    if (text.trim() !== '') yield { key: this.list ?? '', value: JSON.parse(text) as unknown, isItem: true };
  }
}
