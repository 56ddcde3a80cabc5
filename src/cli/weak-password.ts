/** Whether a given device password is easy to guess. It is only told: a fleet brings what it has. */

/** OWASP ASVS 6.2.1 asks for 8 at least; a device is asked over plain HTTP, and never tires of guesses. */
const strongCharactersMin = 12;
const differentCharactersMin = 5;

/** Why it is weak, as the end of a sentence. */
export function weakness(username: string, password: string): string | undefined {
  const folded = password.toLowerCase();
  if (password.length < strongCharactersMin) {
    return `it has ${password.length} characters, fewer than ${strongCharactersMin}`;
  }
  if (folded.includes(username.toLowerCase()) && username.length * 2 > password.length) {
    return "it is little more than the user name";
  }
  if (/^\d+$/.test(password)) return "it has digits only";
  if (new Set(folded).size < differentCharactersMin) return "it repeats few characters";
  return undefined;
}
