#include "src/cli/Table.h"

#include <algorithm>
#include <numeric>

namespace chancery::cli {
namespace {

constexpr std::size_t kGap = 2;

Text padded(const Text& text, std::size_t width, Align align) {
    const std::size_t cells = text.cells();
    const std::string space(width > cells ? width - cells : 0, ' ');
    return align == Align::Right ? Text(space) + text : Text(text) + Text(space);
}

}  // namespace

void Table::row(std::vector<Text> cells) {
    cells.resize(m_columns.size());
    for (Text& cell : cells)
        if (cell.cells() == 0) cell = quiet("–");
    m_rows.push_back(std::move(cells));
}

std::vector<std::size_t> Table::widths(std::size_t width, bool cuts) const {
    std::vector<std::size_t> widths;
    for (const Column& column : m_columns) widths.push_back(Text(column.title).cells());
    for (const auto& row : m_rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].cells());
    const std::size_t gaps = kGap * (widths.empty() ? 0 : widths.size() - 1);
    std::size_t total = std::accumulate(widths.begin(), widths.end(), gaps);
    // The widest column that may shrink gives way first, cell by cell, until all fits.
    while (total > width) {
        std::size_t widest = m_columns.size();
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            const Fit fit = m_columns[i].fit;
            if (fit == Fit::Keep || (fit != Fit::Wrap && !cuts) || widths[i] <= m_columns[i].least)
                continue;
            if (widest == m_columns.size() || widths[i] > widths[widest]) widest = i;
        }
        if (widest == m_columns.size()) break;
        --widths[widest];
        --total;
    }
    return widths;
}

void Table::appendRow(std::vector<Text>& lines, const std::vector<Text>& cells,
                      const std::vector<std::size_t>& widths) const {
    std::vector<std::vector<Text>> parts;
    std::size_t height = 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        switch (m_columns[i].fit) {
            case Fit::Keep:
                parts.push_back({cells[i]});
                break;
            case Fit::CutEnd:
                parts.push_back({cells[i].cutAtEnd(widths[i])});
                break;
            case Fit::CutMiddle:
                parts.push_back({cells[i].cutInMiddle(widths[i])});
                break;
            case Fit::Wrap:
                parts.push_back(cells[i].wrapped(widths[i]));
                break;
        }
        height = std::max(height, parts.back().size());
    }
    for (std::size_t at = 0; at < height; ++at) {
        Text line;
        std::size_t owed = 0;  // spaces that are written only if something follows them
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const Text part = at < parts[i].size() ? parts[i][at] : Text();
            if (part.cells() > 0) {
                const std::size_t pad = widths[i] > part.cells() ? widths[i] - part.cells() : 0;
                const bool right = m_columns[i].align == Align::Right;
                line.add(std::string(owed + (right ? pad : 0), ' ')).add(part);
                owed = right ? 0 : pad;
            } else {
                owed += widths[i];
            }
            owed += kGap;
        }
        lines.push_back(std::move(line));
    }
}

std::vector<Text> Table::lines(std::size_t width, bool cuts) const {
    const std::vector<std::size_t> widths = this->widths(width, cuts);
    std::vector<Text> lines;
    Text heading;
    Text rule;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const Text title(Text(m_columns[i].title).cutAtEnd(widths[i]).plain(), Tone::Quiet);
        const bool last = i + 1 == m_columns.size();
        const bool left = m_columns[i].align == Align::Left;
        heading.add(last && left ? title : padded(title, widths[i], m_columns[i].align));
        std::string line;
        for (std::size_t cell = 0; cell < widths[i]; ++cell) line += "─";
        rule.add(line, Tone::Quiet);
        if (!last) {
            heading.add(std::string(kGap, ' '));
            rule.add(std::string(kGap, ' '));
        }
    }
    lines.push_back(std::move(heading));
    lines.push_back(std::move(rule));
    for (const auto& row : m_rows) appendRow(lines, row, widths);
    return lines;
}

}  // namespace chancery::cli
