import { KafkaConnectionError } from '../../env/kafka.ts';

/** The answer that comes first, of several brokers that are asked the same. */
export class FirstAnswer<Answer> {
  readonly #first = Promise.withResolvers<Answer>();
  /** One has answered, or refused. */
  isHere = false;
  /** Why one that was asked did not answer. */
  trouble: KafkaConnectionError | undefined;

  constructor() {
    // Whoever waits for it hears of it; perhaps nobody does any more.
    this.#first.promise.catch(() => {});
  }

  /** Rejects with what a broker refuses with. */
  get answer(): Promise<Answer> {
    return this.#first.promise;
  }

  /** Resolves, in any case, when this one is settled; `answered` only when it is not a broken connection. */
  hear(answer: Promise<Answer>, answered: () => void): Promise<void> {
    return answer.then(
      (value) => {
        answered();
        this.isHere = true;
        this.#first.resolve(value);
      },
      (error) => {
        if (error instanceof KafkaConnectionError) {
          this.trouble = error;
          return;
        }
        answered();
        this.isHere = true;
        this.#first.reject(error);
      },
    );
  }
}
