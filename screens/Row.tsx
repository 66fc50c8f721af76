import { Text } from 'ink';
import { memo } from 'react';

/** One row of the screen, cut to its width already. Nothing happens while its text stays the same. */
export const Row = memo(({ text }: { readonly text: string }) => <Text wrap="truncate-end">{text}</Text>);
Row.displayName = 'Row';
