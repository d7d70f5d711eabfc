using Lae.Formats;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Models;

/// <summary>
/// A model together with its learned parameters: an immutable value that encodes, draws from posteriors, decodes and generates.
/// Observations are rows [n, columns] of float32, pixels in [−1, 1]; latent points are rows [n, latentSize].
/// </summary>
public sealed class TrainedModel
{
    /// <summary>Puts a model and parameters of it together.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parameters">Its parameters; they compute where they live.</param>
    public TrainedModel(ILatentVariableModel model, TensorTree parameters)
    {
        Model = model;
        Parameters = parameters;
    }

    /// <summary>The model, without parameters.</summary>
    public ILatentVariableModel Model { get; }

    /// <summary>The learned parameters.</summary>
    public TensorTree Parameters { get; }

    /// <summary>Numbers in an observation.</summary>
    public int Columns => Model.Data.Columns;

    /// <summary>Dimension of the latent variable.</summary>
    public int LatentSize => Model.LatentSize;

    /// <summary>Reads the parameters of a model from safetensors.</summary>
    /// <param name="model">The model that the parameters belong to.</param>
    /// <param name="weights">The data; the stream stays open.</param>
    /// <param name="workspace">Where the parameters live and compute; unpooled. The default workspace if null.</param>
    /// <param name="sourceName">What messages call the data, often a file name.</param>
    /// <returns>The trained model.</returns>
    /// <exception cref="DataFormatException">Damaged data, or the parameters of another model.</exception>
    public static TrainedModel Read(ILatentVariableModel model, Stream weights, Workspace? workspace = null, string sourceName = "weights.safetensors")
    {
        Workspace home = workspace ?? Workspace.Default;
        if (home.IsPooled)
        {
            throw new ArgumentException("Parameters live in an unpooled workspace, which takes no memory back.", nameof(workspace));
        }

        TensorTree form = model.Initialize(RandomKey.FromSeed(0)).Parameters;
        TensorTree parameters = ParameterFile.Conform(Safetensors.Read(weights, sourceName), form, sourceName);
        return new TrainedModel(model, parameters.Map(leaf => leaf.CopyTo(home)));
    }

    /// <summary>Writes the parameters as safetensors.</summary>
    /// <param name="weights">Where to; the stream stays open.</param>
    public void Write(Stream weights) => ParameterFile.Write(weights, Parameters);

    /// <summary>One latent point for each observation.</summary>
    /// <param name="x">[n, columns].</param>
    /// <returns>[n, latentSize].</returns>
    /// <exception cref="ArgumentException">Another shape or number type.</exception>
    public Tensor Encode(Tensor x) => Model.Encode(Parameters, Rows(x, Columns, nameof(x)));

    /// <summary>Draws from the posterior of each observation: encode, then refine by an exact kernel in latent space.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="x">[n, columns].</param>
    /// <param name="draws">Draws for each observation, 1 or more.</param>
    /// <param name="transitions">Transitions before each draw, 0 or more; 0 gives the encoding itself.</param>
    /// <returns>[draws, n, latentSize].</returns>
    /// <exception cref="ArgumentException">Another shape or number type, or a number out of range.</exception>
    public Tensor SamplePosterior(RandomKey key, Tensor x, int draws = 1, int transitions = 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(transitions);
        return Model.SamplePosterior(key, Parameters, Rows(x, Columns, nameof(x)), draws, transitions);
    }

    /// <summary>The mean observation at latent points.</summary>
    /// <param name="z">[n, latentSize].</param>
    /// <returns>[n, columns].</returns>
    /// <exception cref="ArgumentException">Another shape or number type.</exception>
    public Tensor Decode(Tensor z) => Model.Decode(Parameters, Rows(z, LatentSize, nameof(z)));

    /// <summary>Mean observations at latent points drawn from the prior.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="count">How many, 1 or more.</param>
    /// <returns>[count, columns].</returns>
    public Tensor Generate(RandomKey key, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Model.Generate(key, Parameters, count);
    }

    private Tensor Rows(Tensor value, int columns, string parameter) => value.DType == Parameters.Leaves[0].DType && value.Rank == 2 && value.Shape[1] == columns
        ? value
        : throw new ArgumentException($"Expected {Parameters.Leaves[0].DType} rows [n, {columns}], not {value.DType}{value.Shape}.", parameter);
}
