#pragma once

#include <QPushButton>
#include <QWidget>

#include "ui/style/Icons.h"

class QHBoxLayout;

namespace chancery::ui {

class Label;

/// A box in the page: info, warning, error or something finished. The first sentence is strong.
class Notice : public QWidget {
    Q_OBJECT
public:
    enum class Kind { Info, Warn, Error, Ok, Finished };
    explicit Notice(Kind kind, QWidget* parent = nullptr);
    Notice(Kind kind, const QString& strong, const QString& text, QWidget* parent = nullptr);

    void setKind(Kind kind);
    void setTexts(const QString& strong, const QString& text);
    /// Another glyph than the kind's: a name in resources/icons.
    void setIconName(const QString& name);
    QPushButton* addButton(const QString& text);
    /// As a link at the right: "Reveal".
    QPushButton* addLink(const QString& text);
    /// With a cross; the notice hides itself and says so.
    void setClosable(bool closable);
    QString text() const;

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    /// What its text takes on one line.
    int naturalWidth() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void closed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Parts {
        QRect text, buttons;
        int height = 0;
    };
    Parts partsFor(int width) const;
    Kind m_kind;
    QString m_strong, m_text, m_iconName;
    QWidget* m_buttons;
    QHBoxLayout* m_row;
    QWidget* m_close = nullptr;
};

/// "Event stream lost 14 s ago. Figures are from 14:31:53. Trying again in 6 s."
class StaleBanner : public Notice {
    Q_OBJECT
public:
    explicit StaleBanner(QWidget* parent = nullptr);
    /// What is lost, and until when the figures are good.
    void setStale(const QString& what, const QString& lastData, const QString& nextTry);

Q_SIGNALS:
    void retryRequested();
};

}  // namespace chancery::ui
