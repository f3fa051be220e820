/**
 * Policies are answered so (IAM API reference, PolicyDocument: "URL-encoded JSON, compliant with RFC 3986").
 */
export function urlText(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
