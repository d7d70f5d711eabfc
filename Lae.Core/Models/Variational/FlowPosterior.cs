using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// A diagonal Gaussian carried by an invertible map (a normalizing flow):
/// <code>
///     z₀ ~ N(μ(x), diag σ(x)²),   z = f(z₀; c(x)),   log q(z | x) = log N(z₀; μ, σ²) − log |det ∂f/∂z₀|,   c = W_c g(x) + b_c
/// </code>
/// W_c starts at 0; without amortisation there is no W_c and every observation has one flow. Source: Rezende and Mohamed, ICML 2015.
/// Parameters: <c>base.*</c>, <c>condition.weight</c> [c, features], <c>condition.bias</c> [c], <c>flow.*</c>.
/// </summary>
public sealed class FlowPosterior : IPosteriorFamily
{
    private readonly Func<int, IFlow> layer;
    private readonly int layers;
    private readonly bool amortized;
    private readonly string name;
    private readonly DiagonalGaussian gaussian = new();

    /// <summary>A family from flows of one kind.</summary>
    /// <param name="name">What the flow is called in reports.</param>
    /// <param name="layers">K, layers of it, in [1, 64].</param>
    /// <param name="amortized">Whether the condition depends on the observation.</param>
    /// <param name="flow">The flow of K layers for a given d_z.</param>
    internal FlowPosterior(string name, int layers, bool amortized, Func<int, int, IFlow> flow)
    {
        if (layers is < 1 or > 64)
        {
            throw new ArgumentOutOfRangeException(nameof(layers), layers, "Must be in [1, 64].");
        }

        this.name = name;
        this.layers = layers;
        this.amortized = amortized;
        layer = latentSize => new FlowSequence([.. Enumerable.Range(0, layers).Select(index => flow(latentSize, index))]);
    }

    /// <inheritdoc/>
    public string Name => $"{layers} {name}{(layers == 1 ? string.Empty : "s")}{(amortized ? string.Empty : " with one condition for all observations")}";

    /// <inheritdoc/>
    public IPosteriorHead Create(int features, int latentSize) => new Head(gaussian.Create(features, latentSize), layer(latentSize), amortized, features);

    private sealed class Head(IPosteriorHead gaussian, IFlow flow, bool amortized, int features) : IPosteriorHead
    {
        public TensorTree Initialize(RandomKey key, DType dtype)
        {
            TensorTree condition = TensorTree.Of(("condition.bias", flow.InitialCondition(key.FoldIn(1), dtype)));
            return gaussian.Initialize(key.FoldIn(0), dtype).Prefixed("base")
                .Join(amortized ? condition.With("condition.weight", Tensor.Zeros(new Shape(flow.ConditionSize, features), dtype)) : condition)
                .Join(flow.Initialize(key.FoldIn(2), dtype).Prefixed("flow"));
        }

        public IAmortizedPosterior Posterior(TensorTree parameters, Tensor features)
        {
            Tensor bias = parameters["condition.bias"];
            Tensor condition = amortized
                ? features.MatMul(parameters["condition.weight"], transposeB: true) + bias
                : bias.Reshape(1, bias.Count).BroadcastTo(new Shape(features.Shape[0], bias.Count));
            return new CarriedPosterior(gaussian.Posterior(parameters.Under("base"), features), flow, parameters.Under("flow"), condition);
        }
    }

    private sealed class CarriedPosterior(IAmortizedPosterior start, IFlow flow, TensorTree parameters, Tensor condition) : IAmortizedPosterior
    {
        public Tensor Location => flow.Apply(parameters, condition, start.Location).Latents;

        public Tensor? Divergence => null;

        public PosteriorDraws Sample(RandomKey key, int draws)
        {
            PosteriorDraws drawn = start.Sample(key, draws);
            FlowResult carried = flow.Apply(parameters, RowBlocks.Repeat(condition, draws), drawn.Latents);
            return new PosteriorDraws(carried.Latents, drawn.LogDensity - carried.LogDeterminant);
        }
    }
}
