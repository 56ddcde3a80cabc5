/** Which passwords people may choose: long ones that nobody guesses first. No rules on characters (ASVS 6.2.5). */

/** ASVS 6.2.1 asks for 8 and recommends 15. */
export const passwordCharactersMin = 12;
export const passwordCharactersMax = 128;
const octetsMax = 512;

/** Why not, as a sentence; undefined: it may be. `words`: what others know of the person and the service. */
export function findFault(password: string, words: readonly string[]): string | undefined {
  const length = [...password].length;
  if (length < passwordCharactersMin) {
    return `It has ${length} characters; at least ${passwordCharactersMin} are needed.`;
  }
  if (length > passwordCharactersMax || Buffer.byteLength(password) > octetsMax) {
    return `It is too long: at most ${passwordCharactersMax} characters.`;
  }
  const folded = password.toLowerCase();
  if (new Set(folded).size < differentCharactersMin) return "It repeats few characters.";
  if (isRun(folded)) return "It is a run of neighbouring characters.";
  // What is left when everything that is guessed first is taken out must be something.
  let left = folded;
  for (const word of [...commonParts, ...words.map((each) => each.toLowerCase())]) {
    if (word.length >= wordCharactersMin) left = left.replaceAll(word, "");
  }
  left = left.replaceAll(/[\s\d!-/:-@[-`{-~]/g, "");
  if ([...left].length < leftMin && left.length < folded.length) {
    const isOnlyDigits = /^\d+$/.test(folded);
    return isOnlyDigits
      ? "Digits alone are guessed first."
      : "It is little more than words that are guessed first, or your name.";
  }
  return undefined;
}

const differentCharactersMin = 5;
const wordCharactersMin = 3;
const leftMin = 4;

/** Neighbours in the alphabet, in the digits or on a keyboard. */
function isRun(folded: string): boolean {
  const runs = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
  ];
  const backwards = runs.map((run) => [...run].toReversed().join(""));
  return [...runs, ...backwards].some((run) => run.repeat(2).includes(folded));
}

/** What lists of stolen passwords are made of, as parts: with twelve characters, common ones are put together of these. */
const commonParts: readonly string[] = [
  "password",
  "passwort",
  "passw0rd",
  "p@ssword",
  "p@ssw0rd",
  "motdepasse",
  "contrasena",
  "passphrase",
  "qwertyuiop",
  "qwertzuiop",
  "qwerty",
  "qwertz",
  "azerty",
  "asdfghjkl",
  "asdfgh",
  "zxcvbnm",
  "1q2w3e4r5t",
  "1q2w3e4r",
  "1qaz2wsx",
  "q1w2e3r4",
  "zaq12wsx",
  "123456789",
  "12345678",
  "123456",
  "12345",
  "1234",
  "987654321",
  "654321",
  "abcdef",
  "abc123",
  "abcd",
  "letmein",
  "welcome",
  "willkommen",
  "iloveyou",
  "changeme",
  "change me",
  "trustno1",
  "secret",
  "geheim",
  "administrator",
  "admin",
  "root",
  "user",
  "login",
  "guest",
  "master",
  "test",
  "demo",
  "default",
  "dragon",
  "monkey",
  "football",
  "baseball",
  "superman",
  "batman",
  "princess",
  "sunshine",
  "shadow",
  "starwars",
  "pokemon",
  "computer",
  "internet",
  "samsung",
  "michael",
  "jennifer",
  "jordan",
  "charlie",
  "ashley",
  "daniel",
  "correcthorsebatterystaple",
  "correct horse battery staple",
  "nameward",
  "dyndns",
  "dynamic",
  "camera",
  "router",
  "dns",
  "summer",
  "winter",
  "spring",
  "autumn",
  "january",
  "february",
  "march",
  "april",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
