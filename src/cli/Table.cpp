#include "src/cli/Table.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace chancery::cli {
namespace {

constexpr std::size_t kGap = 2;
/// Below this no column is narrowed; a line may then be too long.
constexpr std::size_t kNarrowest = 4;

/// Takes cells from the widest of the columns that may give some, one by one, until `total` fits.
template <class Least>
void shrink(std::vector<std::size_t>& widths, std::size_t& total, std::size_t width, Least least) {
    while (total > width) {
        std::size_t widest = widths.size();
        for (std::size_t i = 0; i < widths.size(); ++i)
            if (widths[i] > least(i) && (widest == widths.size() || widths[i] > widths[widest]))
                widest = i;
        if (widest == widths.size()) return;
        --widths[widest];
        --total;
    }
}

}  // namespace

void Table::row(std::vector<Text> cells) {
    cells.resize(m_columns.size());
    for (Text& cell : cells)
        if (cell.cells() == 0) cell = quiet("–");
    m_rows.push_back(std::move(cells));
}

std::size_t Table::longestCell(std::size_t column) const {
    std::size_t longest = 0;
    for (const auto& row : m_rows) longest = std::max(longest, row[column].cells());
    return longest;
}

bool Table::isBelow(std::size_t column, const Layout& layout) const {
    return layout.idsBelow && m_columns[column].fit == Fit::Id;
}

Table::Layout Table::layout(std::size_t width, bool cuts) const {
    std::vector<std::size_t> contents;
    for (std::size_t i = 0; i < m_columns.size(); ++i) contents.push_back(longestCell(i));
    const auto fit = [&](std::size_t i) { return m_columns[i].fit; };
    const std::size_t never = std::numeric_limits<std::size_t>::max();
    Layout layout;
    std::vector<std::size_t>& widths = layout.widths;
    std::size_t total = 0;
    const auto begin = [&] {
        widths.assign(m_columns.size(), 0);
        total = 0;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            if (isBelow(i, layout)) continue;
            widths[i] = std::max(Text(m_columns[i].title).cells(), contents[i]);
            total += widths[i] + (total > 0 ? kGap : 0);
        }
        // Long titles over short cells first: they go on in a second line, which costs nothing.
        shrink(widths, total, width, [&](std::size_t i) {
            return isBelow(i, layout)
                       ? never
                       : std::max(contents[i], Text(m_columns[i].title).longestWord());
        });
    };
    begin();
    if (cuts) {
        shrink(widths, total, width,
               [&](std::size_t i) { return fit(i) == Fit::Id ? m_columns[i].least : never; });
    } else if (total > width) {
        layout.idsBelow = true;
        begin();
    }
    shrink(widths, total, width, [&](std::size_t i) {
        return fit(i) == Fit::Keep || fit(i) == Fit::Id ? never : m_columns[i].least;
    });
    shrink(widths, total, width,
           [&](std::size_t i) { return isBelow(i, layout) ? never : kNarrowest; });
    return layout;
}

std::vector<Text> Table::partsOf(const Text& cell, std::size_t column, const Layout& layout,
                                 bool cuts) const {
    const std::size_t width = layout.widths[column];
    const Fit fit = m_columns[column].fit;
    if (isBelow(column, layout)) return {};
    if (cell.cells() <= width) return {cell};
    if (cuts && fit == Fit::CutEnd) return {cell.cutAtEnd(width)};
    if (cuts && (fit == Fit::CutMiddle || fit == Fit::Id)) return {cell.cutInMiddle(width)};
    return cell.wrapped(width);
}

void Table::appendParts(std::vector<Text>& lines, const std::vector<std::vector<Text>>& parts,
                        const Layout& layout) const {
    std::size_t height = 0;
    for (const auto& part : parts) height = std::max(height, part.size());
    for (std::size_t at = 0; at < height; ++at) {
        Text line;
        std::size_t owed = 0;  // spaces that are written only if something follows them
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (isBelow(i, layout)) continue;
            const Text part = at < parts[i].size() ? parts[i][at] : Text();
            const std::size_t width = layout.widths[i];
            if (part.cells() > 0) {
                const std::size_t pad = width > part.cells() ? width - part.cells() : 0;
                const bool right = m_columns[i].align == Align::Right;
                line.add(std::string(owed + (right ? pad : 0), ' ')).add(part);
                owed = right ? 0 : pad;
            } else {
                owed += width;
            }
            owed += kGap;
        }
        lines.push_back(std::move(line));
    }
}

void Table::appendHeading(std::vector<Text>& lines, const Layout& layout) const {
    std::vector<std::vector<Text>> titles;
    std::vector<std::vector<Text>> rules;
    std::size_t height = 0;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        titles.emplace_back();
        const Text title = quiet(m_columns[i].title);
        // Broken between words only.
        if (!isBelow(i, layout))
            for (const Text& part : title.wrapped(std::max(title.longestWord(), layout.widths[i])))
                titles[i].push_back(part.cutAtEnd(layout.widths[i]));
        height = std::max(height, titles[i].size());
        std::string rule;
        for (std::size_t cell = 0; cell < layout.widths[i]; ++cell) rule += "─";
        rules.push_back({quiet(rule)});
    }
    // Titles stand on the rule, not under the ceiling.
    for (auto& title : titles) title.insert(title.begin(), height - title.size(), Text());
    appendParts(lines, titles, layout);
    appendParts(lines, rules, layout);
}

std::vector<Text> Table::lines(std::size_t width, bool cuts) const {
    const Layout layout = this->layout(width, cuts);
    std::vector<Text> lines;
    appendHeading(lines, layout);
    for (const auto& row : m_rows) {
        std::vector<std::vector<Text>> parts;
        for (std::size_t i = 0; i < row.size(); ++i)
            parts.push_back(partsOf(row[i], i, layout, cuts));
        appendParts(lines, parts, layout);
        for (std::size_t i = 0; i < row.size(); ++i)
            if (isBelow(i, layout))
                lines.push_back(quiet("    " + m_columns[i].title + " ") + row[i]);
    }
    return lines;
}

bool Table::shortens(std::size_t width) const {
    const Layout layout = this->layout(width, true);
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const Fit fit = m_columns[i].fit;
        if (fit != Fit::Keep && fit != Fit::Wrap && longestCell(i) > layout.widths[i]) return true;
    }
    return false;
}

}  // namespace chancery::cli
