/** A session's screen, small, as long as it can be seen. */
import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { minimumContrast, terminalTheme } from '../look/terminal-themes.ts';
import { usePage } from '../page.ts';
import { ScreenDrawing } from './draw-screen.ts';

/** Miniatures this far below the edge are kept current too, so that scrolling shows no stale one. */
const MARGIN = '120px';

export function Miniature({ id }: { id: string }) {
  const { miniatures } = usePage();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef<ScreenDrawing>(undefined);
  const draw = useRef(() => {});

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const sight = new IntersectionObserver(
      ([entry]) => miniatures.setInSight(id, entry?.isIntersecting ?? false),
      { rootMargin: MARGIN },
    );
    sight.observe(element);
    const size = new ResizeObserver(() => draw.current());
    size.observe(element);
    return () => {
      sight.disconnect();
      size.disconnect();
      miniatures.setInSight(id, false);
    };
  }, [id, miniatures]);

  useSignalEffect(() => {
    const look = miniatures.look(id).value;
    const theme = terminalTheme.value;
    const contrast = minimumContrast.value;
    draw.current = () => {
      const element = canvas.current;
      if (element === null || look === undefined || element.clientWidth === 0) return;
      drawing.current ??= new ScreenDrawing(element);
      drawing.current.draw(look, theme, contrast, element.clientWidth, element.clientHeight);
    };
    draw.current();
  });

  return <canvas ref={canvas} class="miniature" />;
}
