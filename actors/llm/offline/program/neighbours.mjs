// K nearest neighbours by plain search (Euclidean distance, every neighbour counts the same).

/**
 * The indices of the `k` nearest reference cases of one query, nearest first; ties go to the lower index. `skip` is a
 * reference case to leave out (the query itself), or -1.
 */
export function nearest(reference, n, d, query, at, k, skip = -1) {
  const found = new Int32Array(k).fill(-1);
  const distances = new Float64Array(k).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < n; i++) {
    if (i === skip) continue;
    const limit = distances[k - 1];
    let distance = 0;
    for (let j = 0; j < d && distance < limit; j++) {
      const difference = reference[i * d + j] - query[at * d + j];
      distance += difference * difference;
    }
    if (distance >= limit) continue;
    let place = k - 1;
    while (place > 0 && distances[place - 1] > distance) {
      distances[place] = distances[place - 1];
      found[place] = found[place - 1];
      place--;
    }
    distances[place] = distance;
    found[place] = i;
  }
  return found;
}

/** Class shares among the first `k` neighbours (with a weight of one case spread over all classes), or their mean. */
export function vote(neighbours, k, y, classes, into, at) {
  let count = 0;
  let sum = 0;
  for (let i = 0; i < k && neighbours[i] >= 0; i++) {
    count++;
    if (classes > 0) into[at * classes + y[neighbours[i]]]++;
    else sum += y[neighbours[i]];
  }
  if (classes === 0) into[at] = sum / count;
  for (let c = 0; c < classes; c++) into[at * classes + c] = (into[at * classes + c] + 1 / classes) / (count + 1);
}

/** Predictions for all queries. */
export function predictNeighbours({ x, y, n, d, classes }, queries, count, k) {
  const predicted = new Float64Array(count * Math.max(classes, 1));
  for (let at = 0; at < count; at++) vote(nearest(x, n, d, queries, at, k), k, y, classes, predicted, at);
  return predicted;
}

/**
 * Predictions of reference cases by their other neighbours (leave one out), for each k at once: the neighbours of the
 * largest k hold those of the smaller ones.
 */
export function leaveOneOut({ x, y, n, d, classes }, count, ks) {
  const widest = Math.max(...ks);
  const predicted = ks.map(() => new Float64Array(count * Math.max(classes, 1)));
  for (let at = 0; at < count; at++) {
    const neighbours = nearest(x, n, d, x, at, widest, at);
    ks.forEach((k, index) => {
      vote(neighbours, k, y, classes, predicted[index], at);
    });
  }
  return predicted;
}
