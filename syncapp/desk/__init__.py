"""The screens over the road: questions in `queries`, acts in `actions`, pages in `views`, a card a cause."""
