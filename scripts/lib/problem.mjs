/** Something that keeps native TensorFlow away and that the user can mend; set-up goes on without it. */
export class SetupProblem extends Error {
  /**
   * @param {string} reason what is missing or failed
   * @param {string} remedy what to do about it
   */
  constructor(reason, remedy) {
    super(reason);
    this.name = 'SetupProblem';
    this.remedy = remedy;
  }
}
