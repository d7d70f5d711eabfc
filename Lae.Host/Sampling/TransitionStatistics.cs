using System.Text;
using Lae.Formats;
using Lae.Formats.Zarr;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Running;

namespace Lae.Host.Sampling;

/// <summary>What is stored of the transition that led to a draw, under ArviZ's names where it has one: the group <c>sample_stats</c>.</summary>
/// <param name="variables">The variables.</param>
/// <param name="stepSize">The step size of the kernel; null if it has no single one.</param>
internal sealed class TransitionStatistics(IReadOnlyList<InferenceVariable> variables, double? stepSize)
{
    /// <summary>log π at the draw, NaN where the kernel does not know it.</summary>
    public const string LogDensity = "lp";

    /// <summary>The acceptance probability; 1 for a kernel that always moves.</summary>
    public const string Acceptance = "acceptance_rate";

    /// <summary>Whether the transition diverged.</summary>
    public const string Diverging = "diverging";

    /// <summary>Gradients.</summary>
    public const string Steps = "n_steps";

    /// <summary>The step size.</summary>
    public const string StepSize = "step_size";

    /// <summary>Doublings of NUTS.</summary>
    public const string TreeDepth = "tree_depth";

    /// <summary>The Hamiltonian, of kernels that tell it.</summary>
    public const string Energy = "energy";

    private const string EnergyError = "energy_error";
    private const string TreeDepthExtra = "treeDepth";
    private const string LeapfrogsExtra = "leapfrogs";

    /// <summary>The variables.</summary>
    public IReadOnlyList<InferenceVariable> Variables => variables;

    /// <summary>What there is to store, as one transition shows it.</summary>
    /// <param name="probe">A transition.</param>
    /// <param name="stepSize">The step size of the kernel; null if it has no single one.</param>
    public static TransitionStatistics Of(Draw probe, double? stepSize)
    {
        List<InferenceVariable> variables =
        [
            new(LogDensity), new(Acceptance), new(Diverging, type: NpyType.Boolean), new(Steps, type: NpyType.Int64),
        ];
        if (stepSize is not null)
        {
            variables.Add(new InferenceVariable(StepSize));
        }

        if (probe.Info.EnergyError is not null)
        {
            variables.Add(new InferenceVariable(EnergyError));
        }

        int chains = probe.Position.Shape[0];
        foreach ((string extra, Tensor value) in probe.Info.Extras ?? TensorTree.Empty)
        {
            string name = Named(extra);
            if (extra == LeapfrogsExtra || value.Rank is < 1 or > 2 || value.Shape[0] != chains || variables.Exists(one => one.Name == name))
            {
                continue;
            }

            InferenceDimension[] axes = value.Rank == 1 ? [] : [new InferenceDimension($"{name}_dim_0", value.Shape[1])];
            variables.Add(new InferenceVariable(name, axes, extra == TreeDepthExtra ? NpyType.Int64 : NpyType.Float64));
        }

        return new TransitionStatistics(variables, stepSize);
    }

    /// <summary>What a store holds already: of a mixture of kernels another transition might show something else.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="stepSize">The step size of the kernel; null if it has no single one.</param>
    public static TransitionStatistics In(InferenceReader reader, double? stepSize) => new(
        [
            .. reader.Names(StoredDraws.Statistics)
                .Where(name => reader.Shape(StoredDraws.Statistics, name).Count > 1)
                .Select(name => new InferenceVariable(
                    name,
                    [.. reader.Dimensions(StoredDraws.Statistics, name).Zip(reader.Shape(StoredDraws.Statistics, name)).Skip(2).Select(axis => new InferenceDimension(axis.First, axis.Second))],
                    name switch { Diverging => NpyType.Boolean, Steps or TreeDepth => NpyType.Int64, _ => NpyType.Float64 })),
        ],
        stepSize);

    /// <summary>What of a draw is stored.</summary>
    /// <param name="draw">The draw.</param>
    /// <returns>For each variable [chains, size].</returns>
    public IEnumerable<ReadOnlyMemory<double>> Values(Draw draw)
    {
        int chains = draw.Position.Shape[0];
        foreach (InferenceVariable variable in variables)
        {
            Tensor? told = Told(variable.Name, draw);
            double[] values = told is not null && told.Count == chains * variable.Size ? told.ToArray() : Constant(Otherwise(variable.Name, draw.Info), chains * variable.Size);
            yield return variable.Type switch
            {
                NpyType.Boolean => Array.ConvertAll(values, value => value == 0 || double.IsNaN(value) ? 0.0 : 1.0),
                NpyType.Int64 => Array.ConvertAll(values, value => double.IsNaN(value) ? 0 : Math.Round(value)),
                _ => values,
            };
        }
    }

    private static Tensor? Told(string name, Draw draw) => name switch
    {
        LogDensity => draw.LogDensity,
        Acceptance => draw.Info.AcceptanceProbability,
        Diverging => draw.Info.Divergent,
        EnergyError => draw.Info.EnergyError,
        Steps => draw.Info.ChainGradients,
        StepSize => null,
        _ => Extra(draw.Info, extra => Named(extra) == name),
    };

    private double Otherwise(string name, StepInfo info) => name switch
    {
        Acceptance => 1,
        Diverging => 0,
        Steps => info.GradientCount,
        StepSize => stepSize ?? double.NaN,
        _ => double.NaN,
    };

    private static double[] Constant(double value, int count)
    {
        double[] values = new double[count];
        Array.Fill(values, value);
        return values;
    }

    private static Tensor? Extra(StepInfo info, Func<string, bool> matches)
    {
        foreach ((string name, Tensor value) in info.Extras ?? TensorTree.Empty)
        {
            if (matches(name))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>A name of Lae's in ArviZ's spelling.</summary>
    private static string Named(string name)
    {
        StringBuilder spelled = new();
        foreach (char character in name)
        {
            spelled.Append(char.IsAsciiLetterUpper(character) ? $"_{char.ToLowerInvariant(character)}" : character is '.' or '/' ? "_" : $"{character}");
        }

        return spelled.ToString();
    }
}
