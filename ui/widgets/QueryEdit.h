#pragma once

#include <QLineEdit>
#include <QPointer>
#include <QWidget>
#include <functional>
#include <vector>

namespace chancery::ui {

class QueryPopup;

/// A finished part of a query that is drawn as a chip.
struct QueryChip {
    qsizetype begin = 0, end = 0;  ///< UTF-16 units of the text
    QString label;                 ///< "block ≥ 1,204,000"; empty: the text itself
    QString error;                 ///< why it cannot be meant; drawn red, shown as tooltip
};

struct QueryCompletion {
    QString text;  ///< what replaces [begin, end)
    QString hint;  ///< dimmer: "creator's organisation"
    qsizetype begin = 0, end = 0;
};

/// A query of chips and free text. What stands in the field is one plain text; the injected
/// tokenizer says which parts of it are chips. A chip is finished by a space, by Enter, or by
/// leaving the field. Keys: Backspace before the text removes the last chip; Left and
/// Right walk into the chips, where Enter opens one for editing and Delete or Backspace removes it;
/// Enter submits; Esc closes the popup, then clears; Down opens completion.
class QueryEdit : public QWidget {
    Q_OBJECT
public:
    using Tokenizer = std::function<std::vector<QueryChip>(const QString& text)>;
    using Completer =
        std::function<std::vector<QueryCompletion>(const QString& text, qsizetype cursor)>;

    explicit QueryEdit(QWidget* parent = nullptr);
    ~QueryEdit() override;

    void setTokenizer(Tokenizer tokenizer);
    void setCompleter(Completer completer);
    void setPlaceholder(const QString& text);
    /// "/" at the right end; empty: none.
    void setKeyCap(const QString& text);
    /// Whole query, chips and free text joined by spaces.
    QString text() const;
    void setText(const QString& text);
    void clear();
    /// Red frame and tooltip; empty: none. Chips with errors do this on their own.
    void setError(const QString& message);
    QString error() const;

    int chipCount() const { return static_cast<int>(m_chips.size()); }
    QString chipLabel(int chip) const;
    int selectedChip() const { return m_selected; }
    QLineEdit* lineEdit() const { return m_edit; }
    bool isPopupOpen() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// Whenever the query means something else: a chip came or went, Enter, cleared.
    void queryChanged(const QString& text);
    /// Enter.
    void submitted(const QString& text);
    void textEdited(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Chip {
        QString text, label, error;
        QRectF rect;  ///< with scrolling applied
    };
    bool keyInEdit(QKeyEvent* event);
    bool keyOnChip(QKeyEvent* event);
    bool keyInPopup(QKeyEvent* event);
    /// Turns finished chips of the free text into chips; `all`: the last word too.
    void takeChips(bool all);
    void removeChip(int chip);
    void editChip(int chip);
    void selectChip(int chip);
    void place();
    void paintChip(QPainter& painter, int index) const;
    void complete();
    void accept(int row);
    void closePopup();
    void changed();
    int chipAt(const QPointF& point, bool* cross = nullptr) const;
    Tokenizer m_tokenizer;
    Completer m_completer;
    std::vector<Chip> m_chips;
    std::vector<QueryCompletion> m_completions;
    QLineEdit* m_edit;
    QPointer<QueryPopup> m_popup;
    QString m_keyCap;
    QString m_error, m_placeholder;
    int m_selected = -1;
    int m_hoveredCross = -1;
};

}  // namespace chancery::ui
