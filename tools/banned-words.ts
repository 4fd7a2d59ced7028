// What no tracked file may say. This file is the only one that check-words.ts does not read.

export interface BannedWord {
  readonly pattern: RegExp;
  readonly why: string;
}

export const BANNED_WORDS: readonly BannedWord[] = [
  { pattern: /\b(TODO|FIXME|XXX)\b/, why: 'an open end: do it, or write an issue' },
  { pattern: /(^|[^\w.-])\/(home|Users)\/[a-z]/, why: 'a path of a private machine' },
  { pattern: /(^|[^\w.-])\/root\//, why: 'a path of a private machine' },
  { pattern: /\b(it|test|describe)\.(only)\(/, why: 'a test that hides all others' },
];
