"""The mapping screens: rules, options, publishing, lists."""
