"""The queue, from holds to one case for each cause: who has it, by when, what people do with it."""
