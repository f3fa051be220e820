/**
 * Whether a text matches a pattern of IAM's, in which `*` stands for any characters and `?` for one (IAM user
 * guide, "IAM JSON policy elements: Resource"). Takes at most as many steps as the product of the two
 * lengths.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let at = 0;
  // The last star, and where the text continues after what it stands for.
  let star = -1;
  let resumed = 0;
  for (let place = 0; place < text.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      resumed = place;
    } else if (pattern[at] === '?' || pattern[at] === text[place]) {
      at++;
      place++;
    } else if (star !== -1) {
      at = star + 1;
      place = ++resumed;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
