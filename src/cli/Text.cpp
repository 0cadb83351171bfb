#include "src/cli/Text.h"

#include <limits>

#include "src/base/Encoding.h"
#include "src/cli/CellWidth.h"

namespace chancery::cli {

void Text::append(std::string_view safe, Tone tone) {
    if (safe.empty()) return;
    if (!m_spans.empty() && m_spans.back().tone == tone)
        m_spans.back().text += safe;
    else
        m_spans.push_back({std::string(safe), tone});
}

Text& Text::add(std::string_view text, Tone tone) {
    append(printable(text, std::numeric_limits<std::size_t>::max() / 2), tone);
    return *this;
}

Text& Text::add(const Text& other) {
    if (&other == this) return add(Text(other));
    for (const Span& span : other.m_spans) append(span.text, span.tone);
    return *this;
}

std::size_t Text::cells() const {
    std::size_t all = 0;
    for (const Span& span : m_spans) all += cellsOf(span.text);
    return all;
}

std::size_t Text::longestWord() const {
    std::size_t longest = 0;
    std::size_t word = 0;
    for (const Span& span : m_spans) {
        for (std::size_t at = 0; at < span.text.size();) {
            const std::size_t end = std::min(span.text.find(' ', at), span.text.size());
            word += cellsOf(std::string_view(span.text).substr(at, end - at));
            longest = std::max(longest, word);
            if (end < span.text.size()) word = 0;
            at = end + 1;
        }
    }
    return longest;
}

std::string Text::plain() const {
    std::string all;
    for (const Span& span : m_spans) all += span.text;
    return all;
}

Text Text::cutAtEnd(std::size_t cells) const {
    if (this->cells() <= cells) return *this;
    Text cut;
    std::size_t left = cells;
    for (const Span& span : m_spans) {
        const std::size_t size = cellsOf(span.text);
        // The ellipsis needs a cell of its own, so a span that fills the rest exactly is cut as
        // well.
        if (size >= left) {
            cut.append(cli::cutAtEnd(span.text + " ", left), span.tone);
            break;
        }
        cut.append(span.text, span.tone);
        left -= size;
    }
    return cut;
}

Text Text::cutInMiddle(std::size_t cells) const {
    if (m_spans.size() != 1) return cutAtEnd(cells);
    Text cut;
    cut.append(cli::cutInMiddle(m_spans.front().text, cells), m_spans.front().tone);
    return cut;
}

std::vector<Text> Text::wrapped(std::size_t cells) const {
    if (cells == 0) cells = 1;
    std::vector<Text> lines(1);
    std::size_t used = 0;
    Text word;
    std::size_t wordCells = 0;
    std::size_t spaces = 0;  // between the line so far and the word
    const auto flush = [&] {
        if (wordCells == 0) return;
        if (used > 0 && used + spaces + wordCells > cells) {
            lines.emplace_back();
            used = 0;
            spaces = 0;
        }
        lines.back().append(std::string(spaces, ' '), Tone::Plain);
        used += spaces;
        for (const Span& span : word.m_spans) {
            std::string_view rest = span.text;
            while (!rest.empty()) {
                std::size_t fits = bytesWithin(rest, cells > used ? cells - used : 0);
                if (fits == 0 && used == 0) fits = codePointAt(rest, 0).bytes;
                lines.back().append(rest.substr(0, fits), span.tone);
                used += cellsOf(rest.substr(0, fits));
                rest.remove_prefix(fits);
                if (!rest.empty()) {
                    lines.emplace_back();
                    used = 0;
                }
            }
        }
        word = {};
        wordCells = 0;
        spaces = 0;
    };
    for (const Span& span : m_spans) {
        for (std::size_t at = 0; at < span.text.size();) {
            if (span.text[at] == ' ') {
                flush();
                ++spaces;
                ++at;
                continue;
            }
            const std::size_t end = std::min(span.text.find(' ', at), span.text.size());
            const std::string_view piece = std::string_view(span.text).substr(at, end - at);
            word.append(piece, span.tone);
            wordCells += cellsOf(piece);
            at = end;
        }
    }
    flush();
    return lines;
}

Text joined(const std::vector<Text>& parts, std::string_view separator) {
    Text all;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) all.add(separator);
        all.add(parts[i]);
    }
    return all;
}

}  // namespace chancery::cli
