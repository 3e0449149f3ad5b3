/** The one door to the view libraries: pages and parts import from here and never from vendor/. */
/** @template T @typedef {import('../vendor/signals.js').Signal<T>} Signal */
/** @template T @typedef {import('../vendor/signals.js').ReadonlySignal<T>} ReadonlySignal */
export {
  Fragment, batch, computed, effect, h, html, render, signal, untracked, useCallback, useComputed, useEffect, useErrorBoundary,
  useId, useMemo, useRef, useSignal, useSignalEffect, useState,
} from './base.js';
