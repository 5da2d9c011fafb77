/** What keeps the guided way from going on, in one sentence for the person who answers. */
export class GuideError extends Error {}
