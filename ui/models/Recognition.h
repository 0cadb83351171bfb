#pragma once

#include <QString>

#include "ui/models/Link.h"

namespace chancery::ui {

/// What a pasted text is by its form alone.
struct Recognition {
    enum class Kind { None, BlockNumber, Hash, Link, Certificate };
    Kind kind = Kind::None;
    quint64 block = 0;
    QString hash;  ///< 64 hex digits in small letters: a transaction id or a block hash
    Link link;
    QByteArray pem;  ///< a certificate, with the line breaks that a text field takes away
};

/// Blanks around it, "0x", and separators as in "1,204,118" or "ab:cd" are passed over.
Recognition recognise(const QString& text);

}  // namespace chancery::ui
