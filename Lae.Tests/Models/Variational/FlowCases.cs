using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>A flow with random parameters, far from the identity, in double precision.</summary>
internal sealed record FlowCase(IFlow Flow, TensorTree Parameters, Tensor Condition, int LatentSize)
{
    public static IReadOnlyList<string> Names { get; } = ["planar", "Sylvester", "inverse autoregressive", "neural autoregressive", "three layers"];

    /// <summary>A case by name; every seed gives other parameters.</summary>
    public static FlowCase Of(string name, int latentSize, ulong seed, double scale = 1)
    {
        IFlow flow = Named(name, latentSize);
        RandomKey key = RandomKey.FromSeed(seed);
        Tensor start = flow.InitialCondition(key.FoldIn(0), DType.Float64);
        TensorTree parameters = flow.Initialize(key.FoldIn(1), DType.Float64);
        ulong leaf = 0;
        return new FlowCase(
            flow,
            parameters.Map(tensor => tensor + Normals(key.FoldIn(2).FoldIn(leaf++), tensor.Count, 0.5 * scale).Reshape(tensor.Shape)),
            start + Normals(key.FoldIn(3), start.Count, scale),
            latentSize);
    }

    public FlowResult Apply(Tensor z) => Flow.Apply(Parameters, Condition.Reshape(1, Condition.Count).BroadcastTo(new Shape(z.Shape[0], Condition.Count)), z);

    /// <summary>∂f/∂z at one point by central differences, [d, d]: row i is the gradient of f_i.</summary>
    public double[,] Jacobian(double[] point)
    {
        const double H = 1e-5;
        int d = LatentSize;
        double[] rows = [.. Enumerable.Range(0, 2 * d).SelectMany(r => point.Select((value, j) => value + (j != r / 2 ? 0 : r % 2 == 0 ? H : -H)))];
        double[] moved = Apply(Tensor.FromArray(rows, 2 * d, d)).Latents.ToArray();
        double[,] jacobian = new double[d, d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                jacobian[i, j] = (moved[(2 * j * d) + i] - moved[(((2 * j) + 1) * d) + i]) / (2 * H);
            }
        }

        return jacobian;
    }

    public static Tensor Normals(RandomKey key, int count, double scale = 1)
    {
        double[] values = new double[count];
        RowDraws.Normal(key, 0, 0, 1, count, values);
        return scale * Tensor.FromArray(values, count);
    }

    private static IFlow Named(string name, int d) => name switch
    {
        "planar" => new PlanarFlow(d),
        "Sylvester" => new SylvesterFlow(d, 2),
        "inverse autoregressive" => new InverseAutoregressiveFlow(d, 7, 3, reversed: false),
        "neural autoregressive" => new NeuralAutoregressiveFlow(d, 4, 7, 3, reversed: true),
        _ => new FlowSequence([new PlanarFlow(d), new InverseAutoregressiveFlow(d, 7, 3, reversed: true), new SylvesterFlow(d, 1)]),
    };
}
