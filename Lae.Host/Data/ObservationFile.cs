using System.IO.Compression;
using System.Text.Json.Nodes;
using Lae.Composition;
using Lae.Datasets;
using Lae.Formats;
using Lae.Host.Configuration;
using Lae.Host.Runs;

namespace Lae.Host.Data;

/// <summary>
/// Reads observations for a trained model from a file of any kind that configurations can name, which is told by its first bytes: IDX images, CSV, npz. They must have the form of the run's data. Columns of a CSV table are
/// found by name, so that others, such as identifiers, may be there and hold anything; an npz file has them in the order of the run.
/// </summary>
/// <param name="Form">The form of the run's data.</param>
/// <param name="Delimiter">The character between the fields of a CSV file.</param>
/// <param name="HasHeader">Whether the first line of a CSV file names the columns.</param>
/// <param name="LabelColumn">The column of a CSV file with the classes, if the file has it.</param>
internal sealed record ObservationFile(DataForm Form, char Delimiter, bool HasHeader, string? LabelColumn)
{
    private static readonly string[] LabelArrays = ["y", "labels"];

    /// <summary>Reads files as the run read its own.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="form">The form of its data.</param>
    public static ObservationFile Like(RunFolder run, DataForm form)
    {
        JsonNode? data = JsonNode.Parse(File.ReadAllText(run.Configuration))?["Data"];
        return new ObservationFile(form, data?[nameof(Delimiter)]?.GetValue<string>() is [var delimiter] ? delimiter : ',', data?[nameof(HasHeader)]?.GetValue<bool>() ?? true, data?[nameof(LabelColumn)]?.GetValue<string>());
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="labels">The full path of a file with the classes; null for those in the file itself, if there are any.</param>
    /// <param name="labelColumn">The column with the classes that the user named, which must be there; null for that of the run, which may.</param>
    /// <returns>The observations in the form of the run's data.</returns>
    /// <exception cref="BadInputException">The file cannot be opened.</exception>
    /// <exception cref="DataFormatException">The file is damaged, or its data have another form.</exception>
    public Dataset Read(string path, string? labels, string? labelColumn)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException($"--data: there is no file {path}");
        }

        FileKind kind = DataFile.Read(path, (stream, _) => KindOf(stream));
        if (labelColumn is not null && (kind != FileKind.Csv || labels is not null))
        {
            throw new BadInputException(labels is null ? $"{path}: --label-column names a column of a CSV file, and this is none" : "command line: --labels and --label-column cannot go together");
        }

        Dataset data = kind switch
        {
            FileKind.Idx => FromIdx(path),
            FileKind.Npz => DataFile.Read(path, FromNpz),
            _ => DataFile.Read(path, (stream, name) => FromCsv(stream, name, labels is null ? labelColumn : null, isLabelled: labels is null)),
        };
        return labels is null ? data : WithLabels(data, labels);
    }

    private Dataset FromIdx(string path)
    {
        IdxArray array = DataFile.Read(path, Idx.Read);
        ImageShape shape = RequireImages(path);
        Dataset data = ImageDatasets.FromIdx(Path.GetFileName(path), array, null, Math.Min(Form.Levels!.Value, 256));
        RequireShape(path, data.Shape!, shape);
        return data.Levels == Form.Levels ? data : new Dataset(data.Name, data.Rows, data.Columns, data.Values, shape: data.Shape, levels: Form.Levels);
    }

    private Dataset FromNpz(Stream stream, string path)
    {
        IReadOnlyDictionary<string, NpyArray> arrays = Npz.Read(stream, path);
        string[] candidates = [.. arrays.Keys.Where(name => !LabelArrays.Contains(name, StringComparer.OrdinalIgnoreCase))];
        string name = candidates.Length == 1 ? candidates[0] : Array.Find(candidates, candidate => candidate is "X" or "x")
            ?? throw new DataFormatException(path, "arrays", $"expected one array of observations, or one that is named X, and the classes as y; found {string.Join(", ", arrays.Keys)}");
        NpyArray array = arrays[name];
        NpyArray? classes = LabelArrays.Select(label => arrays.GetValueOrDefault(label)).FirstOrDefault(found => found is not null);
        if (Form.Image is { } shape && array.Shape.Count is 3 or 4)
        {
            RequireShape(array.SourceName, new ImageShape(array.Shape[1], array.Shape[2], array.Shape.Count == 4 ? array.Shape[3] : 1), shape);
            array = new NpyArray(array.Type, [array.Shape[0], Form.Columns], array.Data, array.SourceName);
        }

        return OfTable(Path.GetFileName(path), TableDatasets.FromNpy(array, classes));
    }

    private Dataset FromCsv(Stream stream, string path, string? required, bool isLabelled)
    {
        string[] columns = [];
        string? label = null;
        ColumnTable table = CsvColumns.Read(
            stream,
            path,
            names =>
            {
                label = !isLabelled ? null : required is not null ? Found(path, names, required) : names.FirstOrDefault(name => name == LabelColumn);

                // The pixels of an image have no names: they are all columns but that of the classes.
                columns = Form.ColumnNames is { } wanted ? [.. wanted.Select(name => Found(path, names, name))] : [.. names.Where(name => name != label && name != LabelColumn)];
                return columns.Contains(label)
                    ? throw new DataFormatException(path, $"column \"{label}\"", "expected a column of classes, found one that the model takes")
                    : [.. columns.Select(name => new WantedColumn(name)), .. label is null ? Array.Empty<WantedColumn>() : [new WantedColumn(label, IsText: true)]];
            },
            Delimiter,
            HasHeader);
        double[] values = new double[table.Rows * columns.Length];
        for (int column = 0; column < columns.Length; column++)
        {
            double[] numbers = table.Numbers(columns[column]);
            for (int row = 0; row < table.Rows; row++)
            {
                values[(row * columns.Length) + column] = numbers[row];
            }
        }

        (int[]? classes, string[] names) = label is null ? (null, []) : Classes([.. table.Texts(label).Codes.Select(code => table.Texts(label).Levels[code])]);
        ReadOnlyMemory<int>? memory = classes is null ? default(ReadOnlyMemory<int>?) : classes.AsMemory();
        return OfTable(Path.GetFileName(path), new CsvTable(columns, table.Rows, values, memory, names, path));
    }

    private Dataset OfTable(string name, CsvTable table)
    {
        if (Form.Image is { } shape)
        {
            return ImageDatasets.FromCsv(name, table, shape, Form.Levels!.Value);
        }

        return table.Columns == Form.Columns && Form.Standardization() is { } standardization
            ? TableDatasets.Standardize(name, table, standardization)
            : throw new DataFormatException(table.SourceName, "columns", $"expected {Form.Columns} as in the run's data.json, found {table.Columns}");
    }

    private static Dataset WithLabels(Dataset data, string path)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException($"--labels: there is no file {path}");
        }

        string[] labels = DataFile.Read(path, (stream, _) => KindOf(stream)) == FileKind.Idx
            ? DataFile.Read(path, Idx.Read) is { Dimensions.Count: 1 } array
                ? [.. array.Values.ToArray().Select(label => label.ToString(System.Globalization.CultureInfo.InvariantCulture))]
                : throw new DataFormatException(path, "dimensions", "expected [count], a class for each observation")
            : [.. File.ReadAllText(path).TrimEnd().Split('\n').Select(line => line.Trim())];
        if (labels.Length != data.Rows)
        {
            throw new DataFormatException(path, "length", $"expected {data.Rows} classes, one for each observation, found {labels.Length}");
        }

        (int[] classes, string[] names) = Classes(labels);
        return new Dataset(data.Name, data.Rows, data.Columns, data.Values, classes.AsMemory(), names, data.Shape, data.Levels, data.ColumnNames);
    }

    private static (int[] Classes, string[] Names) Classes(IReadOnlyList<string> labels)
    {
        string[] names = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return ([.. labels.Select(label => Array.BinarySearch(names, label, StringComparer.Ordinal))], names);
    }

    private static string Found(string path, IReadOnlyList<string> names, string wanted) => names.Contains(wanted)
        ? wanted
        : throw new DataFormatException(path, "header", $"expected a column \"{wanted}\"{NearestKey.Suggest(wanted, names)}, found {string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", …" : string.Empty)}");

    private ImageShape RequireImages(string path) => Form.Image
        ?? throw new DataFormatException(path, "kind", $"expected a table with the columns of the run's data.json ({string.Join(", ", Form.NamesOfColumns().Take(20))}), found IDX images");

    private static void RequireShape(string path, ImageShape found, ImageShape wanted)
    {
        if (found != wanted)
        {
            throw new DataFormatException(path, "dimensions", $"expected images of {Text(wanted)} as in the run's data.json, found {Text(found)}");
        }
    }

    private static string Text(ImageShape shape) => $"{shape.Height} x {shape.Width} x {shape.Channels}";

    /// <summary>What the first bytes tell; what is damaged is left to its reader to name.</summary>
    private static FileKind KindOf(Stream stream)
    {
        byte[] first = new byte[4];
        try
        {
            int count = stream.ReadAtLeast(first, 2, throwOnEndOfStream: false);
            if (count >= 2 && first[0] == 0x1F && first[1] == 0x8B)
            {
                stream.Seek(0, SeekOrigin.Begin);
                using GZipStream plain = new(stream, CompressionMode.Decompress, leaveOpen: true);
                Array.Clear(first);
                plain.ReadAtLeast(first, 4, throwOnEndOfStream: false);
            }
            else
            {
                stream.Seek(0, SeekOrigin.Begin);
                stream.ReadAtLeast(first, 4, throwOnEndOfStream: false);
            }
        }
        catch (InvalidDataException)
        {
            return FileKind.Csv;
        }

        return first is [0, 0, _, > 0] ? FileKind.Idx : first is [(byte)'P', (byte)'K', 3, 4] ? FileKind.Npz : FileKind.Csv;
    }

    private enum FileKind
    {
        Csv,
        Idx,
        Npz,
    }
}
