using System.Globalization;

namespace Lae.Formats;

/// <summary>
/// The header of a .npy file: a Python dictionary literal with the keys descr (text), fortran_order (True or False) and
/// shape (a tuple of whole numbers).
/// </summary>
internal sealed record NpyHeader(string Descriptor, bool FortranOrder, int[] Shape)
{
    /// <summary>Parses the literal; null where it is not one, or lacks or repeats a key.</summary>
    public static NpyHeader? Parse(string text)
    {
        var scanner = new Scanner(text);
        string? descriptor = null;
        bool? fortranOrder = null;
        int[]? shape = null;
        if (!scanner.Skip('{'))
        {
            return null;
        }

        while (!scanner.Skip('}'))
        {
            string? key = scanner.Text();
            if (key is null || !scanner.Skip(':'))
            {
                return null;
            }

            bool sound = key switch
            {
                "descr" => descriptor is null && (descriptor = scanner.Text()) is not null,
                "fortran_order" => fortranOrder is null && (fortranOrder = scanner.Truth()) is not null,
                "shape" => shape is null && (shape = scanner.Tuple()) is not null,
                _ => false,
            };
            if (!sound || (!scanner.Skip(',') && !scanner.IsAt('}')))
            {
                return null;
            }
        }

        return scanner.AtEnd && descriptor is not null && fortranOrder is { } order && shape is not null
            ? new NpyHeader(descriptor, order, shape)
            : null;
    }

    /// <summary>The literal, as numpy writes it.</summary>
    public override string ToString()
    {
        string numbers = string.Join(", ", Shape);
        string tuple = Shape.Length == 1 ? $"({numbers},)" : $"({numbers})";
        return $"{{'descr': '{Descriptor}', 'fortran_order': {(FortranOrder ? "True" : "False")}, 'shape': {tuple}, }}";
    }

    private sealed class Scanner(string text)
    {
        private int position;

        public bool AtEnd
        {
            get
            {
                SkipSpaces();
                return position == text.Length;
            }
        }

        public bool IsAt(char character) => !AtEnd && text[position] == character;

        public bool Skip(char character)
        {
            bool found = IsAt(character);
            position += found ? 1 : 0;
            return found;
        }

        public string? Text()
        {
            char quote = IsAt('"') ? '"' : '\'';
            if (!Skip(quote))
            {
                return null;
            }

            int end = text.IndexOf(quote, position);
            if (end < 0)
            {
                return null;
            }

            string found = text[position..end];
            position = end + 1;
            return found;
        }

        public bool? Truth() => Word() switch { "True" => true, "False" => false, _ => null };

        public int[]? Tuple()
        {
            var numbers = new List<int>();
            if (!Skip('('))
            {
                return null;
            }

            while (!Skip(')'))
            {
                if (!int.TryParse(Word(), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                    || (!Skip(',') && !IsAt(')')))
                {
                    return null;
                }

                numbers.Add(number);
            }

            return [.. numbers];
        }

        private string Word()
        {
            SkipSpaces();
            int start = position;
            while (position < text.Length && char.IsAsciiLetterOrDigit(text[position]))
            {
                position++;
            }

            return text[start..position];
        }

        private void SkipSpaces()
        {
            while (position < text.Length && text[position] is (' ' or '\n' or '\t'))
            {
                position++;
            }
        }
    }
}
