import * as echarts from 'echarts';
import { departments } from '../company/departments.js';
import { shown } from '../figures/table.js';
import type { ContenderFigures } from '../phases/figures.js';
import { backlogsOf, label } from './in-tables.js';

type Backlog = ReturnType<typeof backlogsOf>[number];

const [WIDTH, HEIGHT] = [1_280, 980];
const MOST_MEMORY_MB = 250;
const INK = '#333';
const GREY = '#888';

/** Okabe and Ito's colours, which can be told apart without seeing red or green. */
const colours: Readonly<Record<string, string>> = { a: '#0072b2', b: '#d55e00', c: '#cc79a7', d: '#555555' };
const figuresOf: Readonly<Record<string, Curve['figures']>> = { a: 'top', b: 'top', c: 'bottom' };
const besideCurve: Curve['figures'] = [11, 3];
const departmentColours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9'];

type Point = readonly [x: number, y: number];
type Axis = Readonly<Record<string, unknown>>;

/** One of the four pictures of the page. */
interface Panel {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly curves: readonly Curve[];
}

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
  /** Measured points are marked; a curve of samples is a line. */
  readonly isMarked?: boolean;
  /** Where the figures stand: two curves that lie close together must not write over each other. */
  readonly figures?: 'top' | 'bottom' | readonly [right: number, down: number];
  readonly isDashed?: boolean;
}

/**
 * A page of four pictures as SVG: time and CPU against the backlog, how the orders of the last saturation were paid, and
 * the memory of (a). It needs no network and no browser.
 */
export function inPictures(figures: readonly ContenderFigures[], footnote: string): string {
  const measured = figures.filter(({ saturation }) => saturation.length > 0);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption(page([byTime(measured), byCpu(measured), byProgress(measured), byMemory(figures)], footnote));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

function byTime(figures: readonly ContenderFigures[]): Panel {
  return {
    title: 'Time to work off a backlog',
    x: logarithmic('orders'),
    y: logarithmic('seconds'),
    curves: figures.map((one) => ofBacklogs(one, ({ seconds }) => seconds, besideCurve)),
  };
}

function byCpu(figures: readonly ContenderFigures[]): Panel {
  return {
    title: 'CPU an order, by the size of the backlog',
    x: logarithmic('orders'),
    y: logarithmic('ms'),
    curves: figures.map((one) => ofBacklogs(one, ({ cpuTotal }) => cpuTotal, 'bottom')),
  };
}

function byProgress(figures: readonly ContenderFigures[]): Panel {
  return {
    title: 'Orders paid, at saturation',
    x: linear('seconds'),
    y: linear('orders'),
    curves: figures.map((one) => ({ ...lineOf(one), points: [[0, 0], ...one.saturation.at(-1)!.progress] })),
  };
}

function byMemory(figures: readonly ContenderFigures[]): Panel {
  const samples = figures.find(({ key }) => key === 'a')?.memory ?? [];
  const minutes = (samples.at(-1)?.atMs ?? 0) / 60_000;
  const limit: Curve = {
    ...{ name: `${MOST_MEMORY_MB} MB`, colour: '#d00', isDashed: true },
    points: minutes === 0 ? [] : [0, minutes].map((at) => [at, MOST_MEMORY_MB]),
  };
  const curves = departments.map((name, n) => ({
    ...{ name, colour: departmentColours[n]! },
    points: samples.flatMap(({ atMs, megabytes }): Point[] => {
      const size = megabytes[name];
      return size === undefined ? [] : [[atMs / 60_000, size]];
    }),
  }));
  return {
    title: 'Resident memory of the services of (a), at work',
    x: linear('minutes'),
    y: { ...linear('MB'), min: 0, max: (most: { max: number }) => Math.max(300, Math.ceil(most.max / 50) * 50) },
    curves: [...curves, limit],
  };
}

/** The backlogs, or saturation where there are none: it is worked off in the same way. */
function ofBacklogs(one: ContenderFigures, figure: (of: Backlog) => number, lowest: Curve['figures']): Curve {
  const backlogs = one.backlogs.length > 0 ? one.backlogs : one.saturation.slice(-1);
  return {
    ...{ ...lineOf(one), isMarked: true, figures: figuresOf[one.key] ?? lowest },
    points: backlogsOf({ backlogs }).map((each) => [each.size, figure(each)]),
  };
}

function lineOf(one: ContenderFigures): Pick<Curve, 'name' | 'colour'> {
  return { name: label(one), colour: colours[one.key] ?? GREY };
}

function page(panels: readonly Panel[], footnote: string): echarts.EChartsCoreOption {
  const [width, height] = [WIDTH / 2 - 110, HEIGHT / 2 - 150];
  const places = panels.map((_, n) => ({ left: 70 + (n % 2) * (WIDTH / 2), top: 100 + Math.floor(n / 2) * 460 }));
  return {
    animation: false,
    backgroundColor: '#fff',
    textStyle: { fontFamily: 'sans-serif', color: INK },
    title: [
      ...panels.map(({ title }, n) => heading(title, { left: places[n]!.left - 45, top: places[n]!.top - 74 })),
      { text: footnote, left: 25, bottom: 8, textStyle: { fontSize: 12, fontWeight: 'normal', color: GREY } },
    ],
    legend: panels.map(({ curves }, n) => ({
      ...{ left: places[n]!.left - 50, top: places[n]!.top - 47, itemHeight: 9, itemWidth: 22, itemGap: 12 },
      data: curves.filter(({ points }) => points.length > 0).map(({ name }) => name),
    })),
    grid: places.map((place) => ({ ...place, width, height })),
    xAxis: panels.map(({ x }, gridIndex) => ({ ...x, gridIndex, nameLocation: 'middle', nameGap: 28 })),
    yAxis: panels.map(({ y }, gridIndex) => ({ ...y, gridIndex, nameLocation: 'end', nameGap: 10 })),
    series: panels.flatMap(({ curves }, n) => curves.map((curve) => drawn(curve, n))),
  };
}

function heading(text: string, place: { left: number; top: number }) {
  return { text, ...place, textStyle: { fontSize: 16, fontWeight: 'bold', color: INK } };
}

function drawn({ name, colour, points, isMarked, isDashed, figures }: Curve, panel: number) {
  return {
    ...{ type: 'line', name, xAxisIndex: panel, yAxisIndex: panel, data: points },
    ...{ showSymbol: Boolean(isMarked), symbol: 'circle', symbolSize: 8 },
    ...{ color: colour, lineStyle: { width: 2, type: isDashed ? 'dashed' : 'solid' } },
    label: {
      ...{ show: Boolean(isMarked), position: figures, color: colour, fontSize: 11 },
      formatter: ({ value }: { value: Point }) => shown(value[1]),
    },
  };
}

const grid = { splitLine: { lineStyle: { color: '#e8e8e8' } }, axisLabel: { formatter: (at: number) => count(at) } };

function linear(name: string): Axis {
  return { type: 'value', name, ...grid };
}

function logarithmic(name: string): Axis {
  return { type: 'log', name, ...grid };
}

/** 0.1, 10, 10,000. */
function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}
