// Heat maps of the ledger. The tables on the page say the same; a square leads where the table's cell leads.
(function () {
  "use strict";

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue("--z-" + name).trim();
  }

  // Sizes below are for the usual page; on a wall the page's text grows, and the chart with it.
  var scale = (parseFloat(getComputedStyle(document.documentElement).fontSize) || 16) / 16;

  function base(data, bottom) {
    return {
      animation: false,
      aria: { enabled: false },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 * scale },
      // Rich text, not HTML: the page's policy allows no inline style.
      tooltip: { renderMode: "richText", confine: true },
      grid: { left: 8, right: 8, top: 8, bottom: bottom, containLabel: true },
      yAxis: {
        type: "category", data: data.rows, inverse: true, axisLine: { show: false }, axisTick: { show: false },
        axisLabel: { color: colour("ink"), fontSize: 12 * scale, width: 210 * scale, overflow: "truncate", interval: 0 }
      }
    };
  }

  function year(data) {
    var option = base(data, 36 * scale);
    var fills = { met: "#5aa17a", late: "#d9b44a", defective: "#dd8b52", missing: "#b8383d", "not-yet-due": "#d9dde2", exempt: "#f3f4f5", unknown: "#a4aed6" };
    option.xAxis = { type: "category", data: data.columns, position: "top", axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: colour("grey"), fontSize: 12 * scale } };
    option.grid.top = 28 * scale;
    option.visualMap = {
      type: "piecewise", dimension: 2, orient: "horizontal", left: "center", bottom: 0, itemWidth: 14 * scale, itemHeight: 14 * scale,
      textStyle: { color: colour("ink"), fontSize: 12 * scale },
      pieces: data.statuses.map(function (status, level) {
        return { value: level, label: data.names[level], color: fills[status] };
      })
    };
    option.tooltip.formatter = function (one) {
      return data.rows[one.value[1]] + "\n" + data.columns[one.value[0]] + "  " + data.names[one.value[2]];
    };
    option.series = [{
      type: "heatmap",
      data: data.squares.map(function (one) { return { value: one.slice(0, 3), url: one[3] }; }),
      itemStyle: { borderColor: "#fff", borderWidth: 2, borderRadius: 3 }
    }];
    return { option: option, height: scale * (74 + 26 * data.rows.length) };
  }

  function rollup(data) {
    var option = base(data, 8);
    option.xAxis = {
      type: "category", data: data.columns, position: "top", axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { color: colour("grey"), fontSize: 12 * scale, rotate: 55, interval: 0, width: 110 * scale, overflow: "truncate" }
    };
    option.visualMap = { show: false, min: 0, max: 100, dimension: 2, inRange: { color: ["#b8383d", "#e7a27c", "#f0dfa8", "#a9cfb4", "#3f8f63"] } };
    option.tooltip.formatter = function (one) {
      var value = one.data.value;
      return data.rows[value[1]] + "\n" + data.columns[value[0]] + "  " + data.done + " " + value[3] + "/" + value[4];
    };
    option.series = [{
      type: "heatmap",
      data: data.squares.map(function (one) { return { value: one.slice(0, 5), url: data.links && data.links[one[1]] }; }),
      itemStyle: { borderColor: "#fff", borderWidth: 1 }
    }];
    return { option: option, height: scale * (130 + Math.max(14, Math.min(26, 900 / data.rows.length)) * data.rows.length) };
  }

  function draw(box) {
    if (box.dataset.drawn || !window.echarts || !box.offsetParent) { return; }
    box.dataset.drawn = "yes";
    var data = JSON.parse(box.dataset.chart);
    var made = data.kind === "year" ? year(data) : rollup(data);
    box.style.height = made.height + "px";
    var chart = window.echarts.init(box);
    chart.setOption(made.option);
    chart.on("click", function (event) {
      if (event.data && event.data.url) { window.location.href = event.data.url; }
    });
    window.addEventListener("resize", function () { if (box.isConnected) { chart.resize(); } });
  }

  function drawAll() { document.querySelectorAll("[data-chart]").forEach(draw); }

  document.addEventListener("DOMContentLoaded", drawAll);
  document.addEventListener("htmx:afterSettle", drawAll);
  window.addEventListener("resize", drawAll);
  if (document.readyState !== "loading") { drawAll(); }
}());
