#pragma once

#include <QString>
#include <QStringList>

namespace chancery::ui {

/// Words as a POSIX shell takes them: quoted where they need it.
inline QString shellWord(const QString& word) {
    bool plain = !word.isEmpty();
    for (const QChar c : word) {
        const bool good =
            (c.unicode() < 128 && c.isLetterOrNumber()) || QStringLiteral("_-./:=@%+,").contains(c);
        plain = plain && good;
    }
    QString inner = word;
    return plain ? word : '\'' + inner.replace('\'', QLatin1String("'\\''")) + '\'';
}

inline QString shellWords(const QStringList& words) {
    QStringList quoted;
    for (const QString& word : words) quoted.append(shellWord(word));
    return quoted.join(' ');
}

}  // namespace chancery::ui
