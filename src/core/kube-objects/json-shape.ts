// Which parts of a JSON value are worth decoding.

/** `true`: the whole value. An object: these of its keys. A list: this of each element. Null stays; any other kind is left out. */
export type JsonShape = true | readonly [JsonShape] | ShapeObject;

export interface ShapeObject {
  readonly [key: string]: JsonShape;
}
