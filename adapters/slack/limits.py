"""What Slack takes at most, each with its source. Numbers only.

Lengths are in UTF-16 units, the larger count of the two that Slack could mean. Sources: "docs" is docs.slack.dev,
"SDK" what slack_sdk 3.47 checks, "seen" what others report and no page of Slack says.
"""

from __future__ import annotations

# docs, reference/block-kit/blocks
BLOCKS_IN_VIEW = 100
# seen, slackapi/bolt-js issues 2509 and 2867: msg_blocks_too_long near 13,200 characters of all blocks together, their
# JSON counted in. No page of Slack says so; what is sent stays clear of it, and so of the 50 blocks in the docs.
MESSAGE = 12_000
# docs, methods/chat.postMessage: recommended for `text`; it is cut above 40,000.
TEXT = 4_000

# SDK, `HeaderBlock`, `ContextBlock`, `ActionsBlock`, `ImageBlock`, `InputBlock`
HEADER = 150
ELEMENTS_IN_ACTIONS = 25
ALT_TEXT = 2_000
IMAGE_URL = 3_000
LABEL = 2_000
HINT = 2_000
# docs, reference/block-kit/composition-objects/text-object
TEXT_OBJECT = 3_000
# Slack names no limit for a rich text block. Ours is that of a section.
RICH_TEXT = 3_000

# SDK, `ButtonElement`
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
BUTTON_URL = 3_000

# SDK, `Option`; the types of Slack's JavaScript SDK still say 75 for the value, and Slack takes 150.
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTION_DESCRIPTION = 75
# SDK, `StaticSelectElement`, `OptionGroup`
OPTIONS_IN_SELECT = 100
GROUPS_IN_SELECT = 100
GROUP_LABEL = 75
# docs, reference/block-kit/block-elements/checkboxes-element and radio-button-group-element
OPTIONS_IN_BOXES = 10
# docs, reference/block-kit/block-elements/plain-text-input-element
INPUT = 3_000

# docs, reference/block-kit/blocks/table-block
TABLE_ROWS = 100
TABLE_COLUMNS = 20

# docs, surfaces/modals
VIEW_TITLE = 24
VIEW_BUTTON = 24
PRIVATE_METADATA = 3_000
# SDK, `Block.block_id`, `InteractiveElement.action_id`
IDENTIFIER = 255
# No page of Slack says how large a view may be; ours.
VIEW = 60_000
# No page of Slack says how long the words beside a field may be; ours.
PROBLEM = 500

# slackapi/manifest-schema, manifest.schema.2.0.0.json
COMMAND_DESCRIPTION = 2_000
USAGE_HINT = 1_000
