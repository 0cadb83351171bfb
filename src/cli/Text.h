#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::cli {

/// What a piece of text means; the printer decides what that looks like. A tone never stands alone:
/// words say the same.
enum class Tone { Plain, Strong, Quiet, Good, Bad, Warning, Accent };

/// Text that is safe to show on a terminal: whatever it is made from goes through `printable` on
/// its way in, so that escapes, line breaks and bidirectional marks of foreign data never reach the
/// screen.
class Text {
public:
    struct Span {
        std::string text;
        Tone tone = Tone::Plain;
    };

    Text() = default;
    Text(std::string_view text, Tone tone = Tone::Plain) { add(text, tone); }
    Text(const std::string& text, Tone tone = Tone::Plain) { add(text, tone); }
    Text(const char* text, Tone tone = Tone::Plain) { add(text, tone); }

    Text& add(std::string_view text, Tone tone = Tone::Plain);
    Text& add(const std::string& text, Tone tone = Tone::Plain) {
        return add(std::string_view(text), tone);
    }
    Text& add(const char* text, Tone tone = Tone::Plain) {
        return add(std::string_view(text), tone);
    }
    Text& add(const Text& other);

    const std::vector<Span>& spans() const { return m_spans; }
    bool empty() const { return m_spans.empty(); }
    std::size_t cells() const;
    /// Of the longest piece without a space.
    std::size_t longestWord() const;
    /// Without tones.
    std::string plain() const;

    /// In at most `cells`, cut at the end or (for hashes, ids and paths) in the middle.
    Text cutAtEnd(std::size_t cells) const;
    Text cutInMiddle(std::size_t cells) const;
    /// Broken at spaces into lines of at most `cells`; a longer word is broken where the line ends.
    std::vector<Text> wrapped(std::size_t cells) const;

private:
    void append(std::string_view safe, Tone tone);

    std::vector<Span> m_spans;
};

inline Text operator+(Text left, const Text& right) {
    return left.add(right);
}

inline Text strong(std::string_view text) {
    return {text, Tone::Strong};
}
inline Text quiet(std::string_view text) {
    return {text, Tone::Quiet};
}
inline Text good(std::string_view text) {
    return {text, Tone::Good};
}
inline Text bad(std::string_view text) {
    return {text, Tone::Bad};
}
inline Text warning(std::string_view text) {
    return {text, Tone::Warning};
}
inline Text accent(std::string_view text) {
    return {text, Tone::Accent};
}

/// A separator between the members of a list.
Text joined(const std::vector<Text>& parts, std::string_view separator);

}  // namespace chancery::cli
