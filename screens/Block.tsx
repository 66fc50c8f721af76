import { Box } from 'ink';
import { memo } from 'react';
import { Row } from './Row.tsx';

export interface BlockProps {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	/** Each exactly `width` cells wide. */
	readonly rows: readonly string[];
}

/** Rows at a fixed place. They are keyed by position, so that a row that changes touches nothing else. */
export const Block = memo(({ left, top, width, rows }: BlockProps) => (
	<Box position="absolute" left={left} top={top} width={width} height={rows.length} flexDirection="column" flexShrink={0}>
		{rows.map((text, index) => (
			// oxlint-disable-next-line react/no-array-index-key -- a row is its position; its text moves through it
			<Row key={index} text={text} />
		))}
	</Box>
));
Block.displayName = 'Block';
